import { resolve } from 'node:path';
import { InkwireError } from '../../protocol/errors.ts';
import type { Config } from '../config.ts';

/** Calls `use` with the database of `config`: the one named, that of the running server, or an embedded one of its own. */
export async function withDatabase<T>(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  use: (url: string) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== '') return use(databaseUrl);
  const { addressOfRunning } = await import('../../persistence/embedded/running.ts');
  const running = await addressOfRunning(resolve(dataDir)).catch((error: unknown) => {
    if (error instanceof InkwireError) return null;
    throw error;
  });
  if (running !== null) return use(running);
  const { startEmbeddedPostgres } = await import('../../persistence/embedded/embedded-postgres.ts');
  const postgres = await startEmbeddedPostgres({ dataDir: resolve(dataDir) });
  return use(postgres.url).finally(() => postgres.stop());
}
