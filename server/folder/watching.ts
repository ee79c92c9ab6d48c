import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Tells of changes below a folder, one watcher for each folder in it. Node's own recursive watching follows files by what they were when it
 * began, and hears nothing more of one that was replaced, as editors do when they save.
 */
export class FolderWatch {
  readonly #root: string;
  readonly #onChange: (path: string) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #isClosed = false;

  /** `onChange` is called with a path below the folder, "/" between its parts; it may have been made, changed, moved or deleted. */
  constructor(root: string, onChange: (path: string) => void) {
    this.#root = root;
    this.#onChange = onChange;
  }

  /** Watches the folders there are: to be called again when there may be others. */
  async refresh(): Promise<void> {
    const found = new Set<string>();
    await this.#find('', found);
    for (const [path, watcher] of this.#watchers) {
      if (found.has(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    if (!this.#isClosed) for (const path of found) this.#watch(path);
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(path: string): void {
    if (this.#watchers.has(path)) return;
    try {
      const watcher = watch(join(this.#root, path), (_, file) =>
        this.#onChange(file === null ? path : path === '' ? file : `${path}/${file}`),
      );
      // A folder that is gone.
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(path);
      });
      this.#watchers.set(path, watcher);
    } catch {
      // Gone meanwhile, or there are too many watchers: whoever compares now and then finds what this one misses.
    }
  }

  async #find(path: string, found: Set<string>): Promise<void> {
    found.add(path);
    const entries = await readdir(join(this.#root, path), { withFileTypes: true }).catch(() => []);
    await Promise.all(
      entries
        .filter((entry) => entry.isDirectory() && isWatched(entry.name))
        .map((entry) => this.#find(path === '' ? entry.name : `${path}/${entry.name}`, found)),
    );
  }
}

/** What begins with a dot is none of the documents', and what packages bring neither. */
export function isWatched(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}
