import { resolve } from 'node:path';
import { InkwireError } from '../../protocol/errors.ts';
import { fromEnvironment, readConfig } from '../config.ts';
import { type Command, CommandError, configOptions, givenConfig } from './command.ts';

/** Parameters of an address that our driver reads and psql refuses. */
const OF_THE_DRIVER = [
  ...['max', 'idle_timeout', 'max_lifetime', 'max_pipeline', 'backoff', 'keep_alive'],
  ...['prepare', 'debug', 'fetch_types', 'publications'],
];

function forPsql(address: string): string {
  const url = new URL(address);
  const given = OF_THE_DRIVER.filter((name) => url.searchParams.has(name));
  // What is not changed is not spelt anew either.
  if (given.length === 0) return address;
  for (const name of given) url.searchParams.delete(name);
  return url.href;
}

export const psqlUrlCommand: Command = {
  name: 'psql-url',
  summary: 'print the address of the database, for psql',
  operands: [],
  options: configOptions(['databaseUrl', 'dataDir']),
  more: 'psql "$(inkwire psql-url)" looks into the database while the server runs. The password is part of the address.',
  async run({ options, env, io }) {
    const { databaseUrl, dataDir } = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
    if (databaseUrl !== '') {
      await io.write(`${forPsql(databaseUrl)}\n`);
      return 0;
    }
    const { addressOfRunning } = await import('../../persistence/embedded/running.ts');
    const address = await addressOfRunning(resolve(dataDir)).catch((error: unknown) => {
      throw error instanceof InkwireError ? new CommandError(error.message) : error;
    });
    await io.write(`${address}\n`);
    return 0;
  },
};
