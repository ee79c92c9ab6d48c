import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testDatabase } from '../persistence/testing.ts';
import { comeAndGo, restingState } from './leaks.ts';
import { LivePath } from './live-path.ts';

it('[S4] 20,000 documents and 50,000 connections leave the heap within 5 % of what it was', async (t) => {
  const database = await testDatabase();
  t.after(() => database.stop());
  const path = await LivePath.start(database.url);
  t.after(() => path.stop());
  await comeAndGo(path, 2_000, 5_000);
  const before = await restingState();
  await comeAndGo(path, 20_000, 50_000);
  const after = await restingState();
  t.diagnostic(`heap ${before.heapBytes} → ${after.heapBytes} bytes, timers ${before.timers} → ${after.timers}`);
  assert.ok(after.heapBytes < before.heapBytes * 1.05);
  assert.ok(after.timers <= before.timers);
});
