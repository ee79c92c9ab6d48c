import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileOf, nameOf } from './file-name.ts';
import { mergeTexts } from './merge.ts';
import type { Base } from './step.ts';
import { isWatched } from './watching.ts';

/** Where the folder keeps what it knows, beside the files. */
export const OWN_FOLDER = '.inkwire-sync';

/** A file as it was read: what it says, and how it says it. */
export interface ReadFile {
  readonly text: string;
  /** As the bytes have it; texts are merged and compared without. */
  readonly hasMark: boolean;
  readonly lineEnd: '\n' | '\r\n';
}

interface StoredBase extends Base {
  readonly name: string;
}

/** The folder cannot be used; the message says why. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/** A folder of Markdown files, each of which is a document, and what both had in common when they were last the same. */
export class Folder {
  readonly #root: string;
  readonly #prefix: string;
  readonly #bases = new Map<string, StoredBase>();

  private constructor(root: string, prefix: string) {
    this.#root = root;
    this.#prefix = prefix;
  }

  /** Opens a folder for this process alone. Throws `FolderError` when another has it, or it belongs to other documents. `isDry` takes no lock and writes nothing. */
  static async open(root: string, owner: { server: string; prefix: string }, isDry: boolean): Promise<Folder> {
    const folder = new Folder(root, owner.prefix);
    if (!isDry) {
      await mkdir(join(root, OWN_FOLDER, 'base'), { recursive: true });
      await folder.#lock();
    }
    try {
      await folder.#claim(owner, isDry);
      await folder.#readBases();
    } catch (error) {
      if (!isDry) await folder.close();
      throw error;
    }
    return folder;
  }

  async close(): Promise<void> {
    await rm(join(this.#root, OWN_FOLDER, 'lock'), { force: true });
  }

  /** The names of all documents that have a file, or had one. */
  async names(): Promise<Set<string>> {
    const names = new Set(this.#bases.keys());
    for (const path of await this.#files('')) {
      const name = nameOf(path, this.#prefix);
      if (name !== null) names.add(name);
    }
    return names;
  }

  /** The document of a path below the folder; `null` when it is no file of one. */
  nameOf(path: string): string | null {
    return nameOf(path.replaceAll('\\', '/'), this.#prefix);
  }

  base(name: string): Base | null {
    return this.#bases.get(name) ?? null;
  }

  /** Whether a document has a file here at all. */
  has(name: string): boolean {
    return fileOf(name, this.#prefix) !== null;
  }

  /** The file of a document; `null` when there is none. Throws `FolderError` for one that is no text. */
  async read(name: string): Promise<ReadFile | null> {
    try {
      return await decoded(this.#pathOf(name));
    } catch (error) {
      const why = error instanceof TypeError ? 'is not UTF-8 text, and is left alone' : `cannot be read: ${(error as Error).message}`;
      throw new FolderError(`${this.label(name)} ${why}.`);
    }
  }

  /** Writes a file, unless it is not any more as it was read: then false, and what has come in between stays. */
  async write(name: string, text: string, was: ReadFile | null): Promise<boolean> {
    const path = this.#pathOf(name);
    await mkdir(dirname(path), { recursive: true });
    const lines = was?.lineEnd === '\r\n' ? text.replaceAll('\n', '\r\n') : text;
    const scratch = join(this.#root, OWN_FOLDER, `new-${randomBytes(6).toString('hex')}`);
    await writeFile(scratch, (was?.hasMark ? '\uFEFF' : '') + lines);
    const is = await this.read(name);
    if ((is?.text ?? null) !== (was?.text ?? null)) {
      await unlink(scratch);
      return false;
    }
    const mode = await stat(path).then(
      ({ mode }) => mode,
      () => null,
    );
    if (mode !== null) await chmodLike(scratch, mode);
    const former = `${scratch}-former`;
    // Who writes into the file between the look at it and its replacement writes into what is gone: a second name keeps that.
    const isKept =
      was !== null &&
      (await link(path, former).then(
        () => true,
        () => false,
      ));
    await rename(scratch, path);
    if (!isKept) return true;
    const late = await decoded(former).catch(() => null);
    await unlink(former);
    if (late === null || late.text === was.text) return true;
    await this.write(name, mergeTexts(late.text, was.text, text).text, { ...was, text });
    return false;
  }

  /** Moves a file to where nobody looks, and says where that is. */
  async putAway(name: string): Promise<string> {
    const away = join(
      OWN_FOLDER,
      'removed',
      `${new Date().toISOString().replaceAll(':', '-')} ${fileOf(name, this.#prefix)!.replaceAll('/', ' ')}`,
    );
    await mkdir(join(this.#root, OWN_FOLDER, 'removed'), { recursive: true });
    await rename(this.#pathOf(name), join(this.#root, away));
    return away;
  }

  /** Notes what file and document have in common. */
  async note(name: string, base: Base): Promise<void> {
    const stored = { name, ...base };
    await replaceFile(this.#basePath(name), JSON.stringify(stored));
    this.#bases.set(name, stored);
  }

  async forget(name: string): Promise<void> {
    await rm(this.#basePath(name), { force: true });
    this.#bases.delete(name);
  }

  /** A file's path below the folder, as people read it. */
  label(name: string): string {
    return fileOf(name, this.#prefix) ?? name;
  }

  #pathOf(name: string): string {
    return join(this.#root, ...(fileOf(name, this.#prefix) as string).split('/'));
  }

  #basePath(name: string): string {
    return join(this.#root, OWN_FOLDER, 'base', `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`);
  }

  async #files(below: string): Promise<string[]> {
    const entries = await readdir(join(this.#root, below), { withFileTypes: true });
    const found = await Promise.all(
      entries
        .filter((entry) => isWatched(entry.name))
        .map((entry) => {
          const path = below === '' ? entry.name : `${below}/${entry.name}`;
          return entry.isDirectory() ? this.#files(path) : entry.isFile() ? [path] : [];
        }),
    );
    return found.flat();
  }

  async #readBases(): Promise<void> {
    const folder = join(this.#root, OWN_FOLDER, 'base');
    for (const file of await readdir(folder).catch(() => [])) {
      if (!file.endsWith('.json')) continue;
      const stored = JSON.parse(await readFile(join(folder, file), 'utf8')) as StoredBase;
      this.#bases.set(stored.name, stored);
    }
  }

  /** A folder that was synced with other documents is not synced with these: it would delete the one or the other. */
  async #claim(owner: { server: string; prefix: string }, isDry: boolean): Promise<void> {
    const path = join(this.#root, OWN_FOLDER, 'folder.json');
    const said = await readFile(path, 'utf8').catch(() => null);
    if (said === null) {
      if (!isDry) await replaceFile(path, `${JSON.stringify(owner)}\n`);
      return;
    }
    const { server, prefix } = JSON.parse(said) as typeof owner;
    if (server === owner.server && prefix === owner.prefix) return;
    throw new FolderError(
      `This folder belongs to the documents under "${prefix}" of ${server}. Name these, or another folder; or delete ${join(this.#root, OWN_FOLDER)} to begin anew.`,
    );
  }

  async #lock(): Promise<void> {
    const path = join(this.#root, OWN_FOLDER, 'lock');
    for (let attempt = 0; ; attempt++) {
      try {
        const file = await open(path, 'wx');
        await file.writeFile(String(process.pid));
        await file.close();
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const pid = Number(await readFile(path, 'utf8').catch(() => ''));
      if (attempt > 0 || isRunning(pid)) throw new FolderError(`Another "inkwire sync" (process ${pid}) is at this folder.`);
      // Of one that was killed.
      await rm(path, { force: true });
    }
  }
}

/** A file's text; `null` when there is none. Throws a `TypeError` for bytes that are no UTF-8. */
async function decoded(path: string): Promise<ReadFile | null> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (bytes === null) return null;
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const hasMark = text.startsWith('\uFEFF');
  const plain = hasMark ? text.slice(1) : text;
  return { text: plain.replaceAll('\r\n', '\n'), hasMark, lineEnd: plain.includes('\r\n') ? '\r\n' : '\n' };
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Writes a file as a whole or not at all. */
async function replaceFile(path: string, text: string): Promise<void> {
  const scratch = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(scratch, text);
  await rename(scratch, path);
}

async function chmodLike(path: string, mode: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.chmod(mode & 0o777);
  await file.close();
}
