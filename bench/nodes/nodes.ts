import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';
import type { BenchPostgres } from '../database/bench-postgres.ts';
import { processFamilyCpuSeconds } from '../database/process-family-cpu.ts';
import { percentile } from '../figures/percentile.ts';
import { figure, textTable } from '../report/text-table.ts';
import { RedisServer } from '../servers/redis-server.ts';

/** One way to serve the same rooms. */
interface Lane {
  readonly name: string;
  readonly nodes: 1 | 2;
  readonly program: 'server/main.ts' | 'bench/peers/stock-redis.ts';
  readonly broker: 'none' | 'redis' | 'postgres';
}

const LANES: readonly Lane[] = [
  { name: 'one node, no broker', nodes: 1, program: 'server/main.ts', broker: 'none' },
  { name: 'one node, Redis', nodes: 1, program: 'server/main.ts', broker: 'redis' },
  { name: 'two nodes, Redis', nodes: 2, program: 'server/main.ts', broker: 'redis' },
  { name: 'two nodes, NOTIFY', nodes: 2, program: 'server/main.ts', broker: 'postgres' },
  { name: 'two stock servers, extension-redis', nodes: 2, program: 'bench/peers/stock-redis.ts', broker: 'redis' },
];

const ROOMS = 20;
const LETTERS_PER_SECOND = 10;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Somebody with a stock provider, on a socket of their own. */
class Writer {
  readonly document = new Y.Doc();
  readonly socket: HocuspocusProviderWebsocket;
  readonly provider: HocuspocusProvider;

  constructor(collab: string, name: string) {
    this.socket = new HocuspocusProviderWebsocket({ url: collab });
    this.provider = new HocuspocusProvider({ websocketProvider: this.socket, name, document: this.document });
    this.provider.attach();
  }

  get saved(): boolean {
    return this.provider.unsyncedChanges === 0;
  }

  close(): void {
    this.provider.destroy();
    this.socket.destroy();
  }
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await sleep(1);
  }
}

/** What one lane has taken. Times in ms, CPU in µs an edit that reached the other person. */
export interface NodesOutcome {
  readonly lane: string;
  readonly cpuMicros: number;
  readonly idleNodeCpuMicros: number;
  readonly p50: number;
  readonly p99: number;
  readonly savedP50: number;
  readonly redisMessages: number;
  readonly redisBytes: number;
}

/**
 * Twenty rooms of two who type ten letters a second each; with two nodes the two of a room are on different ones. Then one of each room types
 * alone, and the CPU of the node that only listens is read.
 */
export async function nodesOutcomes(postgres: BenchPostgres, seconds: number, say: (text: string) => void): Promise<NodesOutcome[]> {
  const outcomes: NodesOutcome[] = [];
  for (const [at, lane] of LANES.entries()) {
    say(lane.name);
    outcomes.push(await measure(lane, await postgres.createDatabase(`nodes_${at}`), seconds));
  }
  return outcomes;
}

/** The outcomes as a table. */
export function nodesTable(outcomes: readonly NodesOutcome[]): string {
  const head = [
    ...['', 'CPU, µs an edit', 'CPU of a node that listens, µs', 'to the other person: p50, ms', 'p99, ms', '"Saved": p50, ms'],
    ...['Redis messages an edit', 'bytes to Redis an edit'],
  ];
  const rows = outcomes.map(({ lane, ...figures }) => [lane, ...Object.values(figures).map(figure)]);
  return textTable(head, rows);
}

async function measure(lane: Lane, databaseUrl: string, seconds: number): Promise<NodesOutcome> {
  const redis = await RedisServer.start();
  const env = {
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'warn',
    INKWIRE_BROKER: lane.broker,
    ...(lane.broker === 'redis' ? { REDIS_URL: redis.url } : {}),
  };
  const servers: { child: ChildProcess; collab: string }[] = [];
  const clients: Writer[] = [];
  try {
    for (let at = 0; at < lane.nodes; at++) servers.push(await start(lane.program, env));
    const pairs = Array.from({ length: ROOMS }, (_, room) =>
      [0, 1].map((side) => {
        const client = new Writer(servers[side % lane.nodes]!.collab, `room-${room}`);
        clients.push(client);
        return client;
      }),
    );
    await Promise.all(clients.map((client) => until('everybody is synced', () => client.provider.isSynced)));
    await type(pairs, 2, 1, []);
    const before = { cpu: servers.map(({ child }) => processFamilyCpuSeconds(child.pid!)), redis: await redis.usage() };
    const ways: number[] = [];
    const edits = await type(pairs, 2, seconds, ways);
    const after = { cpu: servers.map(({ child }) => processFamilyCpuSeconds(child.pid!)), redis: await redis.usage() };
    const alone = await type(pairs, 1, seconds, []);
    const listener = processFamilyCpuSeconds(servers.at(-1)!.child.pid!) - after.cpu.at(-1)!;
    const saved: number[] = [];
    for (let at = 0; at < 100; at++) {
      const begun = performance.now();
      pairs[at % ROOMS]![0]!.document.getText('t').insert(0, 'x');
      await until('saved', () => pairs[at % ROOMS]![0]!.saved);
      saved.push(performance.now() - begun);
    }
    const cpu = after.cpu.reduce((sum, its, at) => sum + its - before.cpu[at]!, 0);
    return {
      lane: lane.name,
      cpuMicros: (cpu / edits) * 1e6,
      idleNodeCpuMicros: lane.nodes === 1 ? Number.NaN : (listener / alone) * 1e6,
      p50: percentile(ways, 0.5),
      p99: percentile(ways, 0.99),
      savedP50: percentile(saved, 0.5),
      redisMessages: (after.redis.messages - before.redis.messages) / edits,
      redisBytes: (after.redis.bytes - before.redis.bytes) / edits,
    };
  } finally {
    for (const client of clients) client.close();
    for (const { child } of servers) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await redis.dispose();
  }
}

/** Types for so many seconds and waits until all has arrived; `ways` is given how long each took. Returns how many there were. */
async function type(pairs: readonly (readonly Writer[])[], sides: 1 | 2, seconds: number, ways: number[]): Promise<number> {
  const waiting = new Map<string, number>();
  const stops = pairs.flatMap((pair, room) =>
    pair.map((client, side) => {
      const observe = (_: unknown, { origin }: { origin: unknown }) => {
        if (origin !== client.provider) return;
        const now = performance.now();
        for (const word of client.document.getArray<string>('words').slice(-4)) {
          const begun = waiting.get(`${room}/${1 - side}/${word}`);
          if (begun === undefined) continue;
          waiting.delete(`${room}/${1 - side}/${word}`);
          ways.push(now - begun);
        }
      };
      client.document.getArray('words').observe(observe);
      return () => client.document.getArray('words').unobserve(observe);
    }),
  );
  let edits = 0;
  const end = performance.now() + seconds * 1_000;
  const person = async (room: number, side: number) => {
    await sleep(Math.random() * (1_000 / LETTERS_PER_SECOND));
    while (performance.now() < end) {
      const word = `${side}:${edits++}`;
      waiting.set(`${room}/${side}/${word}`, performance.now());
      pairs[room]![side]!.document.getArray('words').push([word]);
      await sleep(1_000 / LETTERS_PER_SECOND);
    }
  };
  await Promise.all(pairs.flatMap((_, room) => Array.from({ length: sides }, (_, side) => person(room, side))));
  const lengths = () => pairs.every(([one, other]) => one!.document.getArray('words').length === other!.document.getArray('words').length);
  await until('all has arrived', lengths);
  for (const stop of stops) stop();
  return edits;
}

async function start(program: string, env: Record<string, string>): Promise<{ child: ChildProcess; collab: string }> {
  const args = program === 'server/main.ts' ? [`${root}${program}`, 'serve'] : [`${root}${program}`];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('exit', (code) => reject(new Error(`${program} ended (${code}):\n${output}`)));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    const address = /http(:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
    if (address !== undefined) resolve(`ws${address}/collab`);
  });
  return { child, collab: await promise };
}
