import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { SAMPLES } from '../server/assets/testing/samples.ts';
import { uploadMany } from './asset-client.ts';
import { ServerProcess } from './server-process.ts';

describe('pictures and files, many', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start({ INKWIRE_MAX_REQUESTS_PER_MINUTE: '1000000' });
  });
  after(() => server.dispose());

  it('takes 1,000 uploads at once, and has each as it came', async () => {
    await uploadMany(server.url, 1_000, (nth) => Buffer.concat([SAMPLES.png, randomBytes(1_000 + (nth % 100) * 6_000)]));
  });
});
