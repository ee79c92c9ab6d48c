import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withoutRedis } from '../../bench/servers/redis-server.ts';
import { chaos } from './chaos.ts';

it('[C1] [P2] three nodes in trouble hold one document in the end, with every acknowledged edit, and without a ghost', {
  skip: withoutRedis,
}, async (t) => {
  const say = (line: string) => t.diagnostic(line);
  // How long it takes is for the soak to judge: a machine that runs other tests says nothing of it.
  const outcome = await chaos({ nodes: 3, documents: 6, clients: 36, ms: 8_000, say });
  say(JSON.stringify(outcome));
  assert.equal(outcome.acknowledged, outcome.edits);
});
