import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../wait.ts';
import { type Fault, type FaultEnv, type Random, SHUTDOWN_TIMEOUT_MS } from './fault.ts';
import { Ledger } from './ledger.ts';
import type { Typist } from './typist.ts';

/** How hard a fault is tried. */
export interface Load {
  readonly writers: number;
  readonly documents: number;
  /** Milliseconds between two words of a writer. */
  readonly paceMs: number;
  /** Most words acknowledged to the writers together before the fault comes. */
  readonly before: number;
  /** Words that each writer types while it lasts. */
  readonly during: number;
}

/** Beyond its limit a shutdown may take this long on a machine that has other things to do, ms. */
const SLACK_MS = 10_000;

/**
 * A crowd types, the fault comes and goes, and everyone is acknowledged again; it comes once more, and
 * the server is asked to stop meanwhile. At both times some leave for good, so that nobody can send
 * their lost words again. Then the checker looks.
 */
export async function rideOut(t: TestContext, env: FaultEnv, fault: Fault, load: Load, random: Random): Promise<void> {
  // A test that failed may have left it dead.
  if (!env.server.running) await env.server.start();
  const ledger = new Ledger(t);
  const crowd = await gather(ledger, env, load, random);
  const { pid } = env.server;

  await during(env, fault, random, async () => {
    await lasting(env, fault, ledger, load);
    leave(crowd, 1);
  });
  if (fault.killsServer !== true) assert.equal(env.server.pid, pid, 'the server lives on');
  const typed = ledger.present.map((typist) => ({ typist, words: typist.typed }));
  await until('everyone is acknowledged again', () => typed.every(({ typist, words }) => typist.acknowledged > words));

  if (fault.killsServer !== true) {
    await during(env, fault, random, async () => {
      await lasting(env, fault, ledger, load);
      assert.equal(await stopped(env), 0, '[D7] SIGTERM ends the server in order, within its limit');
      leave(crowd, 3);
    });
    await env.server.start();
  }
  await ledger.check(env);
  t.diagnostic(`${ledger.acknowledged} acknowledged words, all there`);
}

async function gather(ledger: Ledger, env: FaultEnv, load: Load, random: Random): Promise<Typist[]> {
  const room = random.below(2 ** 31).toString(36);
  const crowd: Typist[] = [];
  for (let writer = 0; writer < load.writers; writer++) {
    crowd.push(await ledger.hire(env.server, `${room}/${writer % load.documents}`, `w${writer}`));
  }
  for (const typist of crowd) typist.start(load.paceMs);
  const before = 1 + random.below(load.before);
  await until(`${before} words are acknowledged`, () => ledger.acknowledged >= before);
  return crowd;
}

/** Heals whatever happens, so that the next test finds a sound machine. */
async function during(env: FaultEnv, fault: Fault, random: Random, work: () => Promise<void>): Promise<void> {
  await fault.inject(env, random);
  try {
    await work();
  } finally {
    await fault.heal(env);
  }
}

async function lasting(env: FaultEnv, fault: Fault, { present }: Ledger, load: Load): Promise<void> {
  const from = present.map(({ typed }) => typed);
  await until('everyone has typed on', () => present.every(({ typed }, at) => typed >= from[at]! + load.during));
  await until(`it is felt that ${fault.name}`, () => fault.felt?.(env) ?? true);
}

/** A quarter of the crowd goes. */
function leave(crowd: readonly Typist[], quarter: 0 | 1 | 2 | 3): void {
  for (const [at, typist] of crowd.entries()) if (at % 4 === quarter) typist.leave();
}

/** The exit code of a server that is asked to stop, or `late` when it does not in time; `meanwhile` happens while it tries. */
export async function stopped({ server }: FaultEnv, meanwhile: () => Promise<void> = async () => {}): Promise<number | null | 'late'> {
  const patience = new AbortController();
  const exit = server.terminate();
  await meanwhile();
  const late = sleep(SHUTDOWN_TIMEOUT_MS + SLACK_MS, 'late' as const, { signal: patience.signal }).catch(() => 'late' as const);
  const outcome = await Promise.race([exit, late]);
  patience.abort();
  if (outcome === 'late') await server.kill9();
  return outcome;
}
