import type { ArchivedDocument } from '../../persistence/backup/archived-document.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Config } from '../config.ts';
import { type CommandContext, CommandError, UsageError } from './command.ts';
import { withDatabase } from './database.ts';
import { ask, serverOf } from './http-client.ts';

/** Brings one document of the backup at `path` back: as one that is not there, or as an edit of one that people have open. */
export async function restoreDocument(context: CommandContext, config: Config, path: string): Promise<number> {
  const { options, io } = context;
  const name = options.document as string;
  const target = typeof options.as === 'string' ? options.as : name;
  const document = await atTime(await find(path, name), options.at);
  const { data: last, ...edit } = document.updates.at(-1) ?? { data: null, seq: 0, at: 0, author: null };
  const version = last === null ? 'empty as it was' : `version ${edit.seq}, of ${new Date(edit.at).toISOString()}`;
  if (options.replace === true) {
    await replaceContent(context, target, document);
    await io.write(`"${target}" says again what "${name}" said: ${version}. Everybody who has it open sees it.\n`);
    return 0;
  }
  const { bringBack } = await import('../../persistence/backup/bring-back.ts');
  const { nameProblem } = await import('../../protocol/document-name.ts');
  const problem = nameProblem(target);
  if (problem !== null) throw new UsageError(`The name ${problem}.`);
  const { assetsElsewhere } = await withDatabase(config, (url) => bringBack(url, path, { ...document, name: target })).catch(
    (error: unknown) => {
      if (!(error instanceof InkwireError && error.code === 'document-exists')) throw error;
      throw new CommandError(
        `There is a document "${target}". Nothing was changed. Give another name with --as, or have the running server replace its text with --replace.`,
      );
    },
  );
  await io.write(`"${target}" is there: ${version}, with its whole history.\n`);
  if (assetsElsewhere > 0) await io.tell(`${assetsElsewhere} of its pictures and files lie in the bucket and are not in the file.`);
  return 0;
}

async function find(path: string, name: string): Promise<ArchivedDocument> {
  const { checkArchive } = await import('../../persistence/backup/checking.ts');
  const { readDocument } = await import('../../persistence/backup/archived-document.ts');
  await checkArchive(path);
  const document = await readDocument(path, name);
  if (document === null) throw new CommandError(`There is no document "${name}" in ${path}. Nothing was changed.`);
  return document;
}

/** The document with its log up to a time, which may have had another title then. */
async function atTime(document: ArchivedDocument, at: string | true | undefined): Promise<ArchivedDocument> {
  if (typeof at !== 'string') return document;
  const time = Date.parse(at);
  if (Number.isNaN(time)) throw new UsageError(`"${at}" is no time. Write it as 2026-03-01T09:30:00Z.`);
  const updates = document.updates.filter((update) => update.at <= time);
  if (updates.length === 0 && document.updates.length > 0) {
    const first = new Date(document.updates[0]!.at).toISOString();
    throw new CommandError(`"${document.name}" was first written at ${first}, later than that. Nothing was changed.`);
  }
  const { readTitle } = await import('../../document/title.ts');
  return { ...document, updates, title: readTitle(await opened(updates)) };
}

async function opened(updates: ArchivedDocument['updates']) {
  const { Doc, applyUpdate } = await import('yjs');
  const { readable } = await import('../../document/updates/readable.ts');
  const document = new Doc();
  document.transact(() => {
    for (const { data } of updates) applyUpdate(document, readable(data));
  });
  return document;
}

/** As one edit of the running server: open editors keep their carets where the text is the same, and their writers what they write meanwhile. */
async function replaceContent(context: CommandContext, name: string, document: ArchivedDocument): Promise<void> {
  const { readContent } = await import('../../document/read.ts');
  const body = JSON.stringify(readContent(await opened(document.updates)));
  const headers = { 'Content-Type': 'application/json' };
  await ask(serverOf(context), `/api/documents/${encodeURIComponent(name)}/content`, { method: 'PUT', headers, body });
}
