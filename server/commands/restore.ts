import { resolve } from 'node:path';
import { describeDatabaseFailure } from '../../persistence/database-errors.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { fromEnvironment, readConfig } from '../config.ts';
import { type Command, CommandError, configOptions, givenConfig } from './command.ts';
import { withDatabase } from './database.ts';

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'put a backup into an empty database',
  operands: ['FILE'],
  options: configOptions(['databaseUrl', 'dataDir']),
  more: 'The database must hold no document: name a new one, or a new directory with --data-dir. All of the file is put there or nothing, after it was read whole and found undamaged. A file of an earlier version is brought up to date.',
  async run({ operands, options, env, io }) {
    const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
    const path = resolve(operands[0] as string);
    const { restore } = await import('../../persistence/backup/restore.ts');
    try {
      const { at, version } = await withDatabase(config, (url) => restore(url, path, (table) => void io.tell(table)));
      await io.write(`Restored what Inkwire ${version} held at ${at}. Start the server.\n`);
      return 0;
    } catch (error) {
      const words = error instanceof InkwireError && error.code !== 'database-unavailable' ? error.message : null;
      const said = words ?? describeDatabaseFailure(error, { embedded: config.databaseUrl === '' }) ?? (error as Error).message;
      throw new CommandError(`Nothing was restored: ${said} The database is as it was.`);
    }
  },
};
