import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testDatabase } from '../persistence/testing.ts';
import { comeAndGo, restingState } from './leaks.ts';
import { LivePath } from './live-path.ts';

const DOCUMENTS = 500;
const CONNECTIONS = 1_500;

/** Noise of a heap at rest; one leaked document alone is 15 KB, a leaked connection 3 KB. */
const TOLERANCE_BYTES = 600_000;

it('[S4] documents and connections that came and went leave neither memory nor timers', { timeout: 140_000 }, async (t) => {
  const database = await testDatabase();
  t.after(() => database.stop());
  const path = await LivePath.start(database.url);
  t.after(() => path.stop());
  await comeAndGo(path, DOCUMENTS, CONNECTIONS);
  const before = await restingState();
  await comeAndGo(path, DOCUMENTS, CONNECTIONS);
  const after = await restingState();
  t.diagnostic(`heap ${before.heapBytes} → ${after.heapBytes} bytes, timers ${before.timers} → ${after.timers}`);
  assert.ok(after.heapBytes - before.heapBytes < TOLERANCE_BYTES, `${after.heapBytes - before.heapBytes} bytes stayed`);
  assert.ok(after.timers <= before.timers, `${after.timers - before.timers} timers stayed`);
});
