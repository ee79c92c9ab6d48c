import { Client } from '../generator/client.ts';
import { textOf } from '../generator/edits.ts';
import { updateFrames } from '../generator/frames.ts';
import type { Round, Stages, Turn } from './stages.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

/** Edits on their way at once. */
const WINDOW = 100;

type Key = 'serverCpu' | 'postgresCpu' | 'wall' | 'walPerEdit' | 'walGrowth' | 'sizePerEdit' | 'commits';

export const replay: Workload<Key> = {
  id: 'replay',
  title: 'automerge-paper typed by one, read by another',
  method: `One writer replays the history as fast as it is acknowledged, ${WINDOW} edits on their way at once, with a reader in the room: in each turn a tenth of it. After each the server is left alone until Postgres has rested for longer than the servers' 2 s debounce, so that each bears its own stores; the wall time leaves these rests out. A fresh reader must find the recorded text. At this speed stock stores once for tens of thousands of edits: the workload "typing" has its cost at the speed of people.`,
  needs: 'storage',
  long: true,
  metrics: {
    serverCpu: { title: 'server CPU, s', over: 'sum' },
    postgresCpu: { title: 'Postgres CPU, s', over: 'sum' },
    wall: { title: 'wall, s', over: 'sum' },
    walPerEdit: { title: 'WAL per edit, bytes', eachTurn: true },
    walGrowth: { title: 'WAL per edit, last turn ÷ first', targets: [{ atMost: 1.5 }] },
    sizePerEdit: { title: 'database growth per edit, bytes', eachTurn: true },
    commits: { title: 'Postgres transactions' },
  },
  turns: { full: 10, quick: 4 },
  sizes: [{ quick: true, prepare }],
};

async function prepare({ postgres, database, start, paper }: Round): Promise<Stages<Key>> {
  const name = 'paper';
  const server = await start();
  const writer = await Client.join(server.collab, name);
  const reader = await Client.join(server.collab, name);
  await postgres.checkpoint();
  const commitsBefore = await postgres.commits(database);
  let walOfFirst = Number.NaN;

  const write = async ({ number, count }: Turn) => {
    const frames = updateFrames(name, paper, Math.floor((paper.count * number) / count), Math.floor((paper.count * (number + 1)) / count));
    const [wal, size, postgresCpu] = [await postgres.walBytes(), await postgres.sizeBytes(database), postgres.cpuSeconds()];
    const { cpuSeconds } = await server.usage();
    const meter = startGeneratorMeter();
    const begun = performance.now();
    await writer.write(frames, WINDOW);
    const wall = (performance.now() - begun) / 1_000;
    const generatorShare = meter.share();
    await postgres.atRest();
    const each = (total: number) => total / Math.max(1, frames.count);
    const figures = {
      serverCpu: (await server.usage()).cpuSeconds - cpuSeconds,
      postgresCpu: postgres.cpuSeconds() - postgresCpu,
      wall,
      walPerEdit: each((await postgres.walBytes()) - wal),
      sizePerEdit: each((await postgres.sizeBytes(database)) - size),
    };
    return { figures, generatorShare };
  };
  /** What is only right once all is written and the server's sessions have ended. */
  const end = async () => {
    const fresh = await Client.connect(server.collab, name);
    if (textOf(await fresh.load()) !== paper.text) throw new Error('The replayed document does not have the text of the history.');
    await Promise.all([writer, reader, fresh].map((client) => client.close()));
    await server.stop();
    return { commits: (await postgres.commits(database)) - commitsBefore };
  };
  return {
    async turn(turn) {
      const { figures, generatorShare } = await write(turn);
      if (turn.number === 0) walOfFirst = figures.walPerEdit;
      if (turn.number < turn.count - 1) return { figures, generatorShare };
      return { figures: { ...figures, walGrowth: figures.walPerEdit / walOfFirst, ...(await end()) }, generatorShare };
    },
    finish: async () => {},
  };
}
