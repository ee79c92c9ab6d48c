import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { install } from '../launch/install.ts';
import { root } from '../launch/node.mjs';
import { SetupError } from '../launch/npm.mjs';
import { BenchPostgres } from './database/bench-postgres.ts';
import { readPaper } from './generator/paper.ts';
import { describeMachine } from './machine.ts';
import { type BenchOptions, helpText, OptionError, readOptions } from './options.ts';
import { comparison, type Measured, noise, tenths } from './report/comparison.ts';
import { benchmarksPage } from './report/page.ts';
import { CONTESTANTS, type Contestant } from './servers/contestants.ts';
import { type Cores, shareCores } from './servers/cores.ts';
import { ServerProcess } from './servers/server-process.ts';
import { coldLoad } from './workloads/cold-load.ts';
import { crashLoss } from './workloads/crash-loss.ts';
import { durableAcks } from './workloads/durable-acks.ts';
import { eventLoop } from './workloads/event-loop.ts';
import { idleConnections } from './workloads/idle-connections.ts';
import { idleDocuments } from './workloads/idle-documents.ts';
import { joins } from './workloads/joins.ts';
import { oneRoom } from './workloads/one-room.ts';
import { presence } from './workloads/presence.ts';
import { replay } from './workloads/replay.ts';
import { roomsOfTwo } from './workloads/rooms-of-two.ts';
import { roomsOfTwoPeak } from './workloads/rooms-of-two-peak.ts';
import { typing } from './workloads/typing.ts';
import type { Outcome, Round, Workload } from './workloads/workload.ts';

const WORKLOADS: readonly Workload[] = [
  roomsOfTwo,
  roomsOfTwoPeak,
  oneRoom,
  presence,
  joins,
  idleConnections,
  eventLoop,
  durableAcks,
  crashLoss,
  coldLoad,
  replay,
  typing,
  idleDocuments,
];

const say = (text: string) => process.stderr.write(`${text}\n`);

try {
  const options = readOptions(
    process.argv.slice(2),
    WORKLOADS.map(({ id }) => id),
    CONTESTANTS.map(({ id }) => id),
  );
  if (options.help) process.stdout.write(helpText(WORKLOADS, CONTESTANTS));
  else await bench(options);
} catch (error) {
  if (!(error instanceof OptionError || error instanceof SetupError)) throw error;
  say(`inkwire: ${error.message}`);
  process.exitCode = 1;
}

async function bench(options: BenchOptions): Promise<void> {
  await install('bench/peers');
  await install('bench/peers/y-websocket');
  const begun = performance.now();
  const workloads = WORKLOADS.filter(({ id, long }) => (options.only.length === 0 ? !(options.quick && long) : options.only.includes(id)));
  const isNamed = options.servers.length > 0;
  const contestants = CONTESTANTS.filter(({ id }) => !isNamed || options.servers.includes(id));
  const dataDir = makeDataDir(options.dataDir);
  const cores = shareCores();
  // Before this process is kept to one core: what it starts would inherit that.
  const postgres = await BenchPostgres.start(dataDir);
  try {
    cores.keepGenerator();
    const paper = await readPaper(options.edits);
    const machine = describeMachine(await postgres.version(), await postgres.commitMilliseconds(), cores.pinned);
    const setting = {
      postgres,
      paper,
      cores,
      quick: options.quick,
      fewServers: options.quick && !isNamed,
      profileDir: options.profileDir === '' ? null : resolve(options.profileDir),
    };
    const measured = await measureAll(workloads, contestants, options.rounds, setting);

    const results = { comparison: comparison(measured, contestants), tenths: tenths(measured, contestants), noise: noise(measured) };
    process.stdout.write(
      `\n${[...machine, `${paper.count.toLocaleString('en-US')} edits of automerge-paper`, '', results.comparison, '', results.tenths, '', results.noise].join('\n')}\n`,
    );
    say(`It took ${Math.round((performance.now() - begun) / 1_000)} s.`);
    if (options.save) {
      const file = join(root, 'docs', 'benchmarks.md');
      const date = new Date().toISOString().slice(0, 10);
      writeFileSync(file, benchmarksPage({ ...results, machine, date, rounds: options.rounds, edits: paper.count, workloads }));
      say('Saved as docs/benchmarks.md.');
    }
  } finally {
    await postgres.stop();
  }
}

/** On the disk the project lies on, as its data would; a folder for temporary files may be memory only. */
function makeDataDir(wanted: string): string {
  const parent = wanted === '' ? join(root, '.cache') : resolve(wanted);
  mkdirSync(parent, { recursive: true });
  const dataDir = mkdtempSync(join(parent, 'bench-'));
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  return dataDir;
}

type Setting = Pick<Round, 'postgres' | 'paper' | 'quick'> & {
  readonly cores: Cores;
  readonly profileDir: string | null;
  readonly fewServers: boolean;
};

/** Every server in turn, round after round, so that a change of the machine's mood strikes all alike. */
async function measureAll(
  workloads: readonly Workload[],
  contestants: readonly Contestant[],
  rounds: number,
  setting: Setting,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const workload of workloads) {
    const entered = contestants.filter((contestant) => mayEnter(contestant, workload, setting.fewServers));
    const outcomes = new Map(entered.map(({ id }) => [id, [] as Outcome[]]));
    for (let round = 1; round <= rounds; round++) {
      for (const contestant of entered) {
        say(`${workload.id}, round ${round} of ${rounds}: ${contestant.title} …`);
        outcomes.get(contestant.id)!.push(await measure(workload, contestant, setting));
      }
    }
    measured.push({ ...workload, outcomes });
  }
  return measured;
}

/** Whether a workload asks a server for nothing it lacks. When there should be `few`, floors stay out, and a database where it changes nothing. */
function mayEnter({ dialect, stores, role, id }: Contestant, { needs }: Workload, few: boolean): boolean {
  if (needs === 'storage') return stores;
  if (few && (role === 'floor' || id === 'stock-database')) return false;
  return needs === undefined || dialect.acknowledges;
}

/** One round of one server in a database of its own, dropped afterwards: what is left would be vacuumed while another is measured. */
async function measure(
  workload: Workload,
  contestant: Contestant,
  { cores, profileDir, fewServers: _, ...given }: Setting,
): Promise<Outcome> {
  const { postgres } = given;
  const database = `bench_${contestant.id.replaceAll('-', '_')}`;
  const databaseUrl = await postgres.createDatabase(database);
  const started: ServerProcess[] = [];
  const start = async (nodeFlags: readonly string[] = []) => {
    const server = await ServerProcess.start(contestant, { databaseUrl, cores, profileDir, nodeFlags });
    started.push(server);
    return server;
  };
  try {
    return await workload.run({ ...given, dialect: contestant.dialect, database, start });
  } finally {
    await Promise.all(started.map((server) => server.stop()));
    await postgres.dropDatabase(database);
  }
}
