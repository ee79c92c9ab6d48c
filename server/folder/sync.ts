import { type Folder, FolderError, type ReadFile } from './folder.ts';
import { type Remote, RemoteError, type RemoteText } from './remote.ts';
import { type Step, stepFor } from './step.ts';

/** How often something that others have changed meanwhile is tried again. */
const ATTEMPTS = 5;

/** Documents that are worked on at once. */
const AT_ONCE = 8;

/** Of a text that no version of the document is: it is read again. */
const UNKNOWN_VERSION = -1;

/** Something that was done, or would be; or why it was not. */
export interface Done {
  readonly name: string;
  readonly what: 'created' | 'sent' | 'merged' | 'written' | 'put away' | 'deleted' | 'dropped' | 'left alone' | 'failed';
  /** A sentence for a person. */
  readonly sentence: string;
}

export interface SyncParts {
  readonly folder: Folder;
  readonly remote: Remote;
  /** A document goes when its file does. */
  readonly deletes: boolean;
  /** Nothing is changed. */
  readonly isDry: boolean;
  readonly onDone: (done: Done) => void;
}

/** Brings some documents and their files together, or all of them. Rejects when the server does not answer; what was refused of single documents is told. */
export async function syncNames({ onDone, ...parts }: SyncParts, names: Iterable<string>): Promise<void> {
  const waiting = [...new Set(names)].filter((name) => parts.folder.has(name)).toSorted();
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      try {
        await syncOne(parts, name, onDone);
      } catch (error) {
        const isOfOne =
          error instanceof FolderError ||
          (error instanceof RemoteError && error.status !== null && error.status < 500 && error.status !== 401);
        if (!isOfOne) throw error;
        onDone({ name, what: 'failed', sentence: `${parts.folder.label(name)}: ${error.message}` });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Every document that is here or there. */
export async function everyName({ folder, remote }: Pick<SyncParts, 'folder' | 'remote'>): Promise<Set<string>> {
  const names = await folder.names();
  for (const name of (await remote.list()).keys()) names.add(name);
  return names;
}

async function syncOne(parts: Omit<SyncParts, 'onDone'>, name: string, onDone: SyncParts['onDone']): Promise<void> {
  const { folder, remote, deletes, isDry } = parts;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const file = await folder.read(name);
    const base = folder.base(name);
    const listed = remote.listed(name);
    // What has not changed since is not asked for.
    const isKnown = base !== null && listed?.version === base.version;
    const document = isKnown
      ? { text: base.text, version: base.version }
      : listed === null && base === null
        ? null
        : await remote.read(name);
    const step = stepFor({ file: file?.text ?? null, document, base, deletes });
    if (isDry) {
      if (step.do !== 'nothing' && step.do !== 'note' && step.do !== 'forget') onDone(told(folder, name, step));
      return;
    }
    const isDone = await take({ folder, remote }, name, step, file, document);
    if (!isDone) continue;
    if (step.do !== 'nothing' && step.do !== 'note' && step.do !== 'forget') onDone(told(folder, name, step, isDone));
    return;
  }
  onDone({ name, what: 'failed', sentence: `${folder.label(name)} changes faster than it can be synced; it is tried again.` });
}

/** Does it; false when something has changed meanwhile, and it is to be thought over. A string says more of what was done. */
async function take(
  { folder, remote }: Pick<SyncParts, 'folder' | 'remote'>,
  name: string,
  step: Step,
  file: ReadFile | null,
  document: RemoteText | null,
): Promise<boolean | string> {
  /** The document as it is by now is what both have in common, once the file says it. */
  const settle = async (): Promise<boolean> => {
    const now = await remote.read(name);
    if (now === null) return false;
    const isWritten = now.text === file?.text || (await folder.write(name, now.text, file));
    // What was saved into the file meanwhile goes on from what was sent, and knows nothing of what the document is by now.
    const common = isWritten ? now : { text: file?.text ?? '', version: UNKNOWN_VERSION };
    await folder.note(name, { ...common, isDropped: false });
    return true;
  };
  switch (step.do) {
    case 'nothing':
    case 'leave-alone':
      return true;
    case 'note':
      await folder.note(name, { ...document!, isDropped: false });
      return true;
    case 'forget':
      await folder.forget(name);
      return true;
    case 'create-document':
      if (!(await remote.create(name, step.text))) {
        await remote.read(name);
        return false;
      }
      await settle();
      return true;
    case 'write-document':
      if (!(await remote.replace(name, step.text, document!.version))) {
        await remote.read(name);
        return false;
      }
      await settle();
      return true;
    case 'write-file':
      if (!(await folder.write(name, step.text, file))) return false;
      await folder.note(name, { ...document!, isDropped: false });
      return true;
    case 'put-file-away': {
      const away = await folder.putAway(name);
      await folder.forget(name);
      return away;
    }
    case 'delete-document':
      await remote.delete(name);
      await folder.forget(name);
      return true;
    case 'drop-file':
      await folder.note(name, { ...document!, isDropped: true });
      return true;
  }
}

function told(folder: Folder, name: string, step: Step, more: boolean | string = true): Done {
  const file = folder.label(name);
  switch (step.do) {
    case 'create-document':
      return { name, what: 'created', sentence: `${file} → a document, "${name}"` };
    case 'write-document': {
      const both =
        step.conflicts === 0
          ? ''
          : `; in ${step.conflicts} ${step.conflicts === 1 ? 'place' : 'places'} both had written, and both stand there`;
      return step.isMerged
        ? { name, what: 'merged', sentence: `${file} ↔ "${name}", both had changed${both}` }
        : { name, what: 'sent', sentence: `${file} → "${name}"` };
    }
    case 'write-file':
      return { name, what: 'written', sentence: `${file} ← "${name}"` };
    case 'put-file-away':
      return { name, what: 'put away', sentence: `${file}: its document was deleted${more === true ? '' : `; the file is in ${more}`}` };
    case 'delete-document':
      return { name, what: 'deleted', sentence: `${file} is gone, and its document "${name}" with it` };
    case 'drop-file':
      return { name, what: 'dropped', sentence: `${file} is gone; its document "${name}" stays (--delete deletes it too)` };
    default:
      return {
        name,
        what: 'left alone',
        sentence: `${file} and "${name}" differ and have nothing in common that is known; rename one of them`,
      };
  }
}
