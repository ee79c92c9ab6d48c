import { mkdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Folder, FolderError, OWN_FOLDER } from '../folder/folder.ts';
import { Remote, RemoteError } from '../folder/remote.ts';
import { type Done, everyName, type SyncParts, syncNames } from '../folder/sync.ts';
import { FolderWatch, isWatched } from '../folder/watching.ts';
import { type Command, CommandError, type Io } from './command.ts';
import { SERVER_OPTION, serverOf, TOKEN_OPTION } from './http-client.ts';

/** How often the server is asked what has changed, ms; a file that is saved is looked at after so long, when its editor is done with it. */
const ASK_EVERY_MS = 500;
const SETTLE_MS = 100;

/** How often everything is compared, ms: what a watcher has missed, and documents that are gone. */
const COMPARE_EVERY_MS = 30_000;

/** How long to wait for a server that does not answer, ms. */
const RETRY_MS = 2_000;

export const syncCommand: Command = {
  name: 'sync',
  summary: 'keep a folder of Markdown files and documents the same, live and both ways',
  operands: ['DIR'],
  options: [
    { flag: 'prefix', value: 'PREFIX', default: '', help: 'the documents whose names begin with this, such as team/; all without it' },
    { flag: 'once', value: null, help: 'bring both together, and end' },
    { flag: 'dry-run', value: null, help: 'say what would be done, and do nothing' },
    { flag: 'delete', value: null, help: 'a document goes when its file does; without this it stays' },
    SERVER_OPTION,
    TOKEN_OPTION,
  ],
  more: `A file that is saved becomes the smallest edit of its document; a letter that is typed in the browser becomes the file. Where both have changed they are merged, and no line is lost. What both had in common is kept in DIR/${OWN_FOLDER}.`,
  async run({ operands: [dir = ''], options, env, io }) {
    const server = serverOf({ options, env });
    const prefix = typeof options.prefix === 'string' ? options.prefix : '';
    const root = resolve(dir);
    const isDry = options['dry-run'] === true;
    if (!isDry) await mkdir(root, { recursive: true });
    else if (
      !(await stat(root)
        .then((found) => found.isDirectory())
        .catch(() => false))
    )
      throw new CommandError(`There is no folder ${dir}.`);
    const folder = await Folder.open(root, { server: server.url, prefix }, isDry).catch((error: unknown) => {
      throw error instanceof FolderError ? new CommandError(`${error.message} Nothing was changed.`) : error;
    });
    const counts = new Map<Done['what'], number>();
    const onDone = ({ what, sentence }: Done) => {
      counts.set(what, (counts.get(what) ?? 0) + 1);
      void io.tell(sentence);
    };
    const parts = { folder, remote: new Remote(server, prefix), deletes: options.delete === true, isDry, onDone };
    try {
      await everyName(parts)
        .then((names) => syncNames(parts, names))
        .catch(asCommandError);
      await io.tell(summary(counts, isDry));
      if (options.once === true || isDry) return (counts.get('failed') ?? 0) + (counts.get('left alone') ?? 0) > 0 ? 1 : 0;
      await follow(parts, root, io);
      return 0;
    } finally {
      if (!isDry) await folder.close();
    }
  },
};

/** Goes on until it is told to stop. */
async function follow(parts: SyncParts, root: string, io: Io): Promise<void> {
  let stopped = false;
  let wake: () => void = () => {};
  /** Documents whose files may have changed; `null` when it may be any. */
  let saved: Set<string> | null = new Set();
  io.onStop(() => {
    stopped = true;
    wake();
  });
  const watching = new FolderWatch(root, (path) => {
    if (!path.split('/').every(isWatched)) return;
    const name = parts.folder.nameOf(path);
    // A folder that was moved moves all that is in it.
    if (name === null) saved = null;
    else saved?.add(name);
    wake();
  });
  await watching.refresh();
  // What was saved before it began.
  saved = null;
  await io.tell('Following both. Ctrl+C ends it.');
  let comparedAt = performance.now();
  let isAway = false;
  try {
    while (!stopped) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, isAway ? RETRY_MS : ASK_EVERY_MS);
      });
      if (stopped) return;
      if (saved === null || saved.size > 0) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      try {
        const isDue = isAway || saved === null || performance.now() - comparedAt > COMPARE_EVERY_MS;
        const names: Set<string> = saved ?? new Set();
        saved = new Set();
        if (isDue) {
          comparedAt = performance.now();
          await watching.refresh();
          await syncNames(parts, await everyName(parts));
        } else await syncNames(parts, [...names, ...(await parts.remote.changed())]);
        if (isAway) await io.tell('The server answers again.');
        isAway = false;
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        if (error.status === 401)
          throw new CommandError(`${error.message} What was synced is safe; start again with a good INKWIRE_TOKEN.`);
        saved = null;
        if (!isAway) await io.tell(`${error.message} It is tried again until it does.`);
        isAway = true;
      }
    }
  } finally {
    watching.close();
  }
}

function summary(counts: ReadonlyMap<Done['what'], number>, isDry: boolean): string {
  const words = [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
  const done = words === '' ? 'Both are the same.' : `${words}.`;
  return isDry ? `${words === '' ? done : `Would be: ${done}`} Nothing was changed.` : done;
}

function asCommandError(error: unknown): never {
  throw error instanceof RemoteError ? new CommandError(`${error.message} What was synced until then is safe; start it again.`) : error;
}
