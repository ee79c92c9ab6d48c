import { Client } from '../generator/client.ts';
import { textOf } from '../generator/edits.ts';
import { updateFrames } from '../generator/frames.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

const PARTS = 10;
/** Edits on their way at once. */
const WINDOW = 100;

type Key = 'serverCpu' | 'postgresCpu' | 'wall' | 'walPerEdit' | 'walGrowth' | 'sizePerEdit' | 'commits';

export const replay: Workload<Key> = {
  id: 'replay',
  title: 'automerge-paper typed by one, read by another',
  method: `One writer replays the history as fast as it is acknowledged, ${WINDOW} edits on their way at once, with a reader in the room. After each tenth the server is left alone until Postgres has rested for longer than the servers' 2 s debounce, so that each tenth bears its own stores; the wall time leaves these rests out. A fresh reader must find the recorded text. At this speed stock stores once for tens of thousands of edits: the workload "typing" has its cost at the speed of people.`,
  needs: 'storage',
  long: true,
  metrics: {
    serverCpu: { title: 'server CPU, s' },
    postgresCpu: { title: 'Postgres CPU, s' },
    wall: { title: 'wall, s' },
    walPerEdit: { title: 'WAL per edit, bytes' },
    walGrowth: { title: 'WAL per edit, last tenth ÷ first', targets: [{ atMost: 1.5 }] },
    sizePerEdit: { title: 'database growth per edit, bytes' },
    commits: { title: 'Postgres transactions' },
  },

  async run({ postgres, database, start, paper }) {
    const name = 'paper';
    const server = await start();
    const writer = await Client.join(server.collab, name);
    const reader = await Client.join(server.collab, name);
    const parts = Array.from({ length: PARTS }, (_, part) => updateFrames(name, paper, cut(paper.count, part), cut(paper.count, part + 1)));
    await postgres.checkpoint();

    const commitsBefore = await postgres.commits(database);
    const cpuBefore = (await server.usage()).cpuSeconds;
    const postgresCpuBefore = postgres.cpuSeconds();
    const wal = [await postgres.walBytes()];
    const size = [await postgres.sizeBytes(database)];
    let wall = 0;
    let busy = 0;
    for (const frames of parts) {
      const meter = startGeneratorMeter();
      const begun = performance.now();
      await writer.write(frames, WINDOW);
      const seconds = (performance.now() - begun) / 1_000;
      wall += seconds;
      busy += meter.share() * seconds;
      await postgres.atRest();
      wal.push(await postgres.walBytes());
      size.push(await postgres.sizeBytes(database));
    }
    const serverCpu = (await server.usage()).cpuSeconds - cpuBefore;
    const postgresCpu = postgres.cpuSeconds() - postgresCpuBefore;

    const fresh = await Client.connect(server.collab, name);
    if (textOf(await fresh.load()) !== paper.text) throw new Error('The replayed document does not have the text of the history.');
    await Promise.all([writer, reader, fresh].map((client) => client.close()));
    await server.stop();

    const perEdit = (totals: readonly number[]) => parts.map(({ count }, part) => (totals[part + 1]! - totals[part]!) / Math.max(1, count));
    const walTenths = perEdit(wal);
    return {
      figures: {
        serverCpu,
        postgresCpu,
        wall,
        walPerEdit: (wal[PARTS]! - wal[0]!) / paper.count,
        walGrowth: walTenths[PARTS - 1]! / walTenths[0]!,
        sizePerEdit: (size[PARTS]! - size[0]!) / paper.count,
        commits: (await postgres.commits(database)) - commitsBefore,
      },
      tenths: { 'WAL per edit, bytes': walTenths, 'database growth per edit, bytes': perEdit(size) },
      generatorShare: busy / wall,
    };
  },
};

/** Where a part of the history begins. */
const cut = (count: number, part: number) => Math.floor((count * part) / PARTS);
