import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withoutRedis } from '../../bench/servers/redis-server.ts';
import { chaos } from './chaos.ts';

it('[C1] [P2] three nodes in trouble hold one document in the end, with every acknowledged edit, and without a ghost', {
  skip: withoutRedis,
}, async (t) => {
  const say = (line: string) => t.diagnostic(line);
  const outcome = await chaos({ nodes: 3, documents: 6, clients: 36, ms: 8_000, say });
  say(JSON.stringify(outcome));
  assert.ok(outcome.longestMs <= 1_000, `an edit took ${outcome.longestMs} ms to reach everybody`);
  assert.ok(outcome.longestWithoutRedisMs <= 3_000, `without Redis an edit took ${outcome.longestWithoutRedisMs} ms to reach everybody`);
});
