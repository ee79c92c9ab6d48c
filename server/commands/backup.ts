import { resolve } from 'node:path';
import { describeDatabaseFailure } from '../../persistence/database-errors.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { fromEnvironment, readConfig } from '../config.ts';
import { version } from '../version.ts';
import { type Command, CommandError, configOptions, givenConfig } from './command.ts';
import { withDatabase } from './database.ts';
import { megabytes } from './megabytes.ts';

export const backupCommand: Command = {
  name: 'backup',
  summary: 'write everything of a database to a file',
  operands: ['FILE'],
  options: configOptions(['databaseUrl', 'dataDir']),
  more: 'Documents with their whole log and history, share links, revocations, pictures and files: one moment of them, while the server runs or not. The file is read back before it is there, and nobody but you may read it. A bucket (INKWIRE_S3_URL) is not in it.',
  async run({ operands, options, env, io }) {
    const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
    const path = resolve(operands[0] as string);
    const { backUp } = await import('../../persistence/backup/backup.ts');
    let tell: Promise<unknown> = Promise.resolve();
    try {
      const outcome = await withDatabase(config, (url) =>
        backUp(url, path, version, ({ table, rows }) => {
          tell = io.tell(`${table}: ${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`);
        }),
      );
      await tell;
      if (outcome.elsewhere > 0) {
        await io.tell(
          `${outcome.elsewhere} pictures and files lie in the bucket and are not in the file: keep a copy of the bucket as well.`,
        );
      }
      const count = `${outcome.documents.toLocaleString('en-US')} ${outcome.documents === 1 ? 'document' : 'documents'}`;
      await io.write(`${path}: ${count} as of ${outcome.at}, ${megabytes(outcome.fileBytes)}, read back and complete.\n`);
      return 0;
    } catch (error) {
      const words = error instanceof InkwireError && error.code !== 'database-unavailable' ? error.message : null;
      const said = words ?? describeDatabaseFailure(error, { embedded: config.databaseUrl === '' }) ?? (error as Error).message;
      throw new CommandError(
        `There is no backup: ${said} Nothing was written; the database is untouched. Mend the cause and run this again.`,
      );
    }
  },
};
