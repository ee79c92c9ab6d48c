import type { Collection, UnneededAsset } from '../../persistence/assets/asset-store.ts';
import { describeDatabaseFailure } from '../../persistence/database-errors.ts';
import { collectedBefore } from '../assets/collecting.ts';
import { bucketOf } from '../bucket.ts';
import { type Config, ConfigError, fromEnvironment, readConfig } from '../config.ts';
import { type Command, CommandError, configOptions, givenConfig } from './command.ts';
import { withDatabase } from './database.ts';

async function collect(config: Config, dryRun: boolean): Promise<Collection> {
  const bucket = bucketOf(config);
  const [{ migrate }, { openAssetStore }, { openS3 }] = await Promise.all([
    import('../../persistence/migrate.ts'),
    import('../../persistence/assets/postgres-asset-store.ts'),
    import('../../persistence/assets/s3-objects.ts'),
  ]);
  return withDatabase(config, async (url) => {
    await migrate(url);
    const store = openAssetStore(url, { objects: bucket === null ? null : openS3(bucket) });
    return store.collect({ olderThan: collectedBefore(Date.now(), config.assetGraceHours), dryRun }).finally(() => store.close());
  });
}

function line({ documentName, fileName, size, hash, uploadedAt }: UnneededAsset): string {
  return `${[documentName, fileName, size, uploadedAt.toISOString(), hash].join('\t')}\n`;
}

function summary({ assets, uploads }: Collection, dryRun: boolean): string {
  const bytes = assets.reduce((sum, { size }) => sum + size, 0);
  const files = `${assets.length} ${assets.length === 1 ? 'picture or file' : 'pictures and files'} (${bytes} bytes)`;
  return `${dryRun ? 'Nothing was removed. There are' : 'Removed'} ${files} that nothing needs, and ${uploads} unfinished ${uploads === 1 ? 'upload' : 'uploads'}.`;
}

export const collectAssetsCommand: Command = {
  name: 'collect-assets',
  summary: 'remove the pictures and files that nothing needs',
  operands: [],
  options: [
    { flag: 'dry-run', value: null, help: 'list them, and remove nothing' },
    ...configOptions(['databaseUrl', 'dataDir', 'assetGraceHours', 's3Url', 's3Region', 's3AccessKeyId', 's3SecretAccessKey']),
  ],
  more: 'The server does so itself, about once an hour. Prints a line for each: document, name, bytes, when it was uploaded, SHA-256, separated by tabs. A picture that a document or its history names is needed.',
  async run({ options, env, io }) {
    const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
    const dryRun = options['dry-run'] === true;
    let collection: Collection;
    try {
      collection = await collect(config, dryRun);
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      const words = describeDatabaseFailure(error, { embedded: config.databaseUrl === '' }) ?? (error as Error).message;
      throw new CommandError(`Not all was looked at: ${words} What is needed is untouched. Mend the cause and run this again.`);
    }
    for (const asset of collection.assets) await io.write(line(asset));
    await io.tell(summary(collection, dryRun));
    return 0;
  },
};
