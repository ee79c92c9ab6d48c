import type { S3Options } from '../persistence/assets/s3-objects.ts';
import { type Config, ConfigError } from './config.ts';

/** Where the options say pictures and files are moved to; `null` when they stay in the database. */
export function bucketOf(config: Pick<Config, 's3Url' | 's3Region' | 's3AccessKeyId' | 's3SecretAccessKey'>): S3Options | null {
  const { s3Url: url, s3Region: region, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = config;
  if (url === '') return null;
  if (accessKeyId === '' || secretAccessKey === '') {
    throw new ConfigError('INKWIRE_S3_URL needs a key: set INKWIRE_S3_ACCESS_KEY_ID and INKWIRE_S3_SECRET_ACCESS_KEY.');
  }
  return { url, region, accessKeyId, secretAccessKey };
}
