import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testDatabase } from '../../persistence/testing.ts';
import { newSecret, signed } from '../../server/access/testing.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';

it('the secret is rotated as docs/security.md says, and nobody has to sign in again', async (t) => {
  const database = await testDatabase();
  t.after(() => database.stop());
  const [old, young] = [newSecret(), newSecret()];
  const token = (secret: string) => signed({ sub: 'ada', name: 'Ada', access: { plan: 'edit' }, exp: Date.now() / 1000 + 600 }, secret);
  let server = await ServerProcess.start({ INKWIRE_SECRET: old, DATABASE_URL: database.url });
  t.after(() => server.dispose());
  const { port } = new URL(server.url);
  const restart = async (secrets: string) => {
    await server.dispose();
    server = await ServerProcess.start({ INKWIRE_SECRET: secrets, DATABASE_URL: database.url, PORT: port });
  };
  const answer = async (secret: string) => {
    const headers = { Authorization: `Bearer ${await token(secret)}` };
    return (await fetch(`${server.url}/api/session`, { headers })).status;
  };

  const ada = new WriterClient(server.collab, 'plan', undefined, await token(old));
  t.after(() => ada.close());
  const refused: string[] = [];
  ada.provider.on('authenticationFailed', ({ reason }: { reason: string }) => refused.push(reason));
  await ada.synced();

  for (const [secrets, ofOld, ofYoung] of [
    [`${old},${young}`, 200, 200],
    [`${young},${old}`, 200, 200],
  ] as const) {
    const stopped = restart(secrets);
    ada.text.insert(0, 'on ');
    await stopped;
    await ada.allSaved();
    assert.deepEqual([await answer(old), await answer(young)], [ofOld, ofYoung]);
  }
  assert.equal(refused.length, 0);

  await restart(young);
  assert.deepEqual([await answer(old), await answer(young)], [401, 200]);
  await until('the old token is refused', () => refused.includes('token-invalid'));
});
