import { resolve } from 'node:path';
import { describeDatabaseFailure } from '../../persistence/database-errors.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { fromEnvironment, readConfig } from '../config.ts';
import { type Command, CommandError, configOptions, givenConfig, UsageError } from './command.ts';
import { withDatabase } from './database.ts';
import { SERVER_OPTION, TOKEN_OPTION } from './http-client.ts';
import { restoreDocument } from './restore-document.ts';

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'put a backup into an empty database, or one document of it into any',
  operands: ['FILE'],
  options: [
    { flag: 'document', value: 'NAME', help: 'only this document, into a database that may be full' },
    { flag: 'at', value: 'TIME', help: 'the document as it was then, such as 2026-03-01T09:30:00Z' },
    { flag: 'as', value: 'NAME', help: 'the name it gets; its own without this' },
    { flag: 'replace', value: null, help: 'an edit of the running server: the document of that name says again what it said' },
    ...configOptions(['databaseUrl', 'dataDir']),
    SERVER_OPTION,
    TOKEN_OPTION,
  ],
  more: 'The database must hold no document: name a new one, or a new directory with --data-dir. All of the file is put there or nothing, after it was read whole and found undamaged. A file of an earlier version is brought up to date.\n\nWith --document the server may run. The document comes with its history, authors, pictures and files; one that is there already is never touched but with --replace, which everybody sees as an edit and which changes only its text.',
  async run(context) {
    const { operands, options, env, io } = context;
    const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
    const path = resolve(operands[0] as string);
    for (const flag of ['at', 'as', 'replace'])
      if (options[flag] !== undefined && options.document === undefined) throw new UsageError(`--${flag} goes with --document.`);
    try {
      if (typeof options.document === 'string') return await restoreDocument(context, config, path);
      const { restore } = await import('../../persistence/backup/restore.ts');
      const { at, version } = await withDatabase(config, (url) => restore(url, path, (table) => void io.tell(table)));
      await io.write(`Restored what Inkwire ${version} held at ${at}. Start the server.\n`);
      return 0;
    } catch (error) {
      if (error instanceof CommandError || error instanceof UsageError) throw error;
      const words = error instanceof InkwireError && error.code !== 'database-unavailable' ? error.message : null;
      const said = words ?? describeDatabaseFailure(error, { embedded: config.databaseUrl === '' }) ?? (error as Error).message;
      throw new CommandError(`Nothing was restored: ${said} The database is as it was.`);
    }
  },
};
