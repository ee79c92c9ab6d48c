import type { ErrorCode } from '../../protocol/errors.ts';

/** What one socket may send to documents it has not been let into yet. */
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_FRAMES = 1_000;
const MAX_DOCUMENTS = 100;

/**
 * Frames that came before their document was open. A provider sends its token and, without waiting,
 * its first sync.
 */
export class Lobby {
  /** `null` while nothing waits: an empty map is 200 bytes of every socket. */
  #frames: Map<string, Uint8Array[]> | null = null;
  #bytes = 0;
  #count = 0;

  /** Keeps a frame; why the socket is to be closed when it has sent more than it may. */
  hold(address: string, frame: Uint8Array): ErrorCode | null {
    this.#frames ??= new Map();
    const held = this.#frames.get(address);
    if (held === undefined && this.#frames.size >= MAX_DOCUMENTS) return 'too-many-documents';
    if (this.#count >= MAX_FRAMES || this.#bytes + frame.length > MAX_BYTES) return 'too-many-requests';
    if (held === undefined) this.#frames.set(address, [frame]);
    else held.push(frame);
    this.#count++;
    this.#bytes += frame.length;
    return null;
  }

  /** Hands over what waited for the document, in order. */
  take(address: string): readonly Uint8Array[] {
    const held = this.#frames?.get(address);
    if (held === undefined) return [];
    this.#frames?.delete(address);
    if (this.#frames?.size === 0) this.#frames = null;
    this.#count -= held.length;
    for (const frame of held) this.#bytes -= frame.length;
    return held;
  }
}
