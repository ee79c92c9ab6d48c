import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bucketOf } from './bucket.ts';
import { readConfig } from './config.ts';

describe('the bucket that pictures and files are moved to', () => {
  const key = { s3AccessKeyId: 'id', s3SecretAccessKey: 'secret' };

  it('is none unless there is an address', () => assert.equal(bucketOf(readConfig(key)), null));

  it('wants a key', () => {
    const config = readConfig({ s3Url: 'https://s3.example/bucket', s3AccessKeyId: 'id' });
    assert.throws(() => bucketOf(config), /^ConfigError: INKWIRE_S3_URL needs a key/);
    assert.deepEqual(bucketOf(readConfig({ s3Url: 'https://s3.example/bucket', ...key })), {
      ...{ url: 'https://s3.example/bucket', region: 'us-east-1', accessKeyId: 'id', secretAccessKey: 'secret' },
    });
  });

  it('[A5] has an address that holds no key', () => {
    for (const s3Url of ['https://id:secret@s3.example/bucket', 'https://s3.example/bucket?X-Amz-Signature=x', 's3://bucket', 'bucket']) {
      assert.throws(
        () => readConfig({ s3Url }),
        (error: Error) => error.name === 'ConfigError' && !error.message.includes('secret@'),
        s3Url,
      );
    }
  });
});
