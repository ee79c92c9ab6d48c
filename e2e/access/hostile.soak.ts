import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { FrameType, readFrameHeader } from '../../protocol/frames.ts';
import { seededRandom } from '../seeded-random.ts';
import type { WriterClient } from '../writer-client.ts';
import { Target } from './target.ts';

const ROUNDS = 10;
const KEYS_A_ROUND = 200;
const KEY_MS = 20;

it('[L2] acknowledgements of the honest take less than twice as long while an attacker tries all they know', async (t) => {
  const { seed } = seededRandom();
  t.diagnostic(`seed ${seed}`);
  const target = await Target.start();
  t.after(() => target.stop());
  // A thread of their own: what an attacker computes is not to delay the clock of the honest.
  const attackers = new Worker(new URL('./attack-worker.ts', import.meta.url), { workerData: { ground: target.ground, seed } });
  t.after(() => attackers.terminate());

  const times = { quiet: [] as number[], light: [] as number[], all: [] as number[] };
  let attacks = 0;
  // In turns, so that whatever else the machine does falls on all.
  for (let round = 0; round < ROUNDS; round++) {
    times.quiet.push(...(await acknowledgementsMs(target.ada)));
    for (const kinds of ['light', 'all'] as const) {
      attackers.postMessage(kinds);
      times[kinds].push(...(await acknowledgementsMs(target.ada)));
      attackers.postMessage('end');
      [attacks] = (await once(attackers, 'message')) as [number];
    }
  }

  for (const [when, measured] of Object.entries(times)) {
    t.diagnostic(`${when}: p50 ${percentile(measured, 0.5)} ms, p99 ${percentile(measured, 0.99)} ms, ${measured.length} edits`);
  }
  t.diagnostic(`${attacks} attacks`);
  assert.deepEqual(target.honestCloses, []);
  // Megabytes at a time cost a machine that is its own attacker too much to say anything of the server.
  assert.ok(percentile(times.light, 0.99) < 2 * percentile(times.quiet, 0.99));
});

/** Types, a key now and then whatever comes back; how long each acknowledgement took, ms. */
async function acknowledgementsMs(client: WriterClient): Promise<number[]> {
  const sent: number[] = [];
  const took: number[] = [];
  const onMessage = ({ event }: { event: { data: ArrayBuffer } }) => {
    if (readFrameHeader(new Uint8Array(event.data)).type === FrameType.SyncStatus) took.push(performance.now() - sent[took.length]!);
  };
  client.provider.on('message', onMessage);
  for (let key = 0; key < KEYS_A_ROUND; key++) {
    sent.push(performance.now());
    client.text.insert(0, 'k');
    await sleep(KEY_MS);
  }
  await client.allSaved();
  client.provider.off('message', onMessage);
  return took;
}

function percentile(times: readonly number[], share: number): number {
  return Number(times.toSorted((a, b) => a - b)[Math.floor(share * times.length)]!.toFixed(1));
}
