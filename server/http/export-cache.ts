/** A file that was exported. */
export interface CachedExport {
  readonly body: Uint8Array;
  /** How many things the format could not say. */
  readonly lost: number;
  readonly otherRoots: readonly string[];
}

/** Exports that were asked for last, by their tag, within so many bytes: what is asked for again is not made again. */
export class ExportCache {
  readonly #files = new Map<string, CachedExport>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(tag: string): CachedExport | undefined {
    const file = this.#files.get(tag);
    if (file === undefined) return undefined;
    // The last of the map is the one that was asked for last.
    this.#files.delete(tag);
    this.#files.set(tag, file);
    return file;
  }

  set(tag: string, file: CachedExport): void {
    // One that takes a large part of the room drives out many that are asked for more often.
    if (file.body.byteLength > this.#maxBytes / 4) return;
    this.#drop(tag);
    this.#files.set(tag, file);
    this.#bytes += file.body.byteLength;
    for (const [oldest] of this.#files) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(tag: string): void {
    this.#bytes -= this.#files.get(tag)?.body.byteLength ?? 0;
    this.#files.delete(tag);
  }
}
