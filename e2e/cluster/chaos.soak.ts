import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withoutRedis } from '../../bench/servers/redis-server.ts';
import { chaos } from './chaos.ts';

const MINUTES = Number(process.env.MINUTES ?? 3);

it(`[C1] three nodes and 300 people in 50 documents are in trouble for ${MINUTES} minutes`, { skip: withoutRedis }, async (t) => {
  const say = (line: string) => t.diagnostic(line);
  const outcome = await chaos({ nodes: 3, documents: 50, clients: 300, ms: MINUTES * 60_000, say });
  say(JSON.stringify(outcome));
  assert.ok(outcome.longestMs <= 1_000, `an edit took ${outcome.longestMs} ms to reach everybody`);
  assert.ok(outcome.longestWithoutRedisMs <= 3_000, `without Redis an edit took ${outcome.longestWithoutRedisMs} ms to reach everybody`);
});
