import { resolve } from 'node:path';
import { describeDatabaseFailure } from '../../persistence/database-errors.ts';
import { type Config, fromEnvironment, readConfig } from '../config.ts';
import { type Command, CommandError, configOptions, givenConfig } from './command.ts';

/** Brings the database of `config` up to date and returns the names of the migrations it needed. */
async function migrateDatabase({ databaseUrl, dataDir }: Config): Promise<string[]> {
  const { migrate } = await import('../../persistence/migrate.ts');
  if (databaseUrl !== '') return migrate(databaseUrl);
  const { startEmbeddedPostgres } = await import('../../persistence/embedded/embedded-postgres.ts');
  const postgres = await startEmbeddedPostgres({ dataDir: resolve(dataDir) });
  return migrate(postgres.url).finally(() => postgres.stop());
}

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the database up to this version',
  operands: [],
  options: configOptions(['databaseUrl', 'dataDir']),
  more: 'The server does so itself when it starts. Run it before, to see that an upgrade works or to keep the right to change tables from the server.',
  async run({ options, env, io }) {
    const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
    let applied: string[];
    try {
      applied = await migrateDatabase(config);
    } catch (error) {
      const words = describeDatabaseFailure(error, { embedded: config.databaseUrl === '' }) ?? (error as Error).message;
      throw new CommandError(
        `The database was not migrated: ${words} It is as it was: all steps are taken together or none. Mend the cause and run this again.`,
      );
    }
    await io.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}. The database is up to date.\n`);
    return 0;
  },
};
