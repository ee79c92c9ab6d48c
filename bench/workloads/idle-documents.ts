import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../generator/client.ts';
import { updateFrames } from '../generator/frames.ts';
import type { Usage } from '../servers/probe.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

const DOCUMENTS = 1_000;
const WARM_UP_DOCUMENTS = 200;
const AT_ONCE = 50;
/** A document is left memory once its store is due; after this long without a change that has happened. */
const STEADY_MS = 3_000;
const POLL_MS = 500;
const PATIENCE_MS = 30_000;

type Key = 'residentOpen' | 'heldOpen' | 'residentClosed' | 'heldClosed';

export const idleDocuments: Workload<Key> = {
  id: 'idle-documents',
  title: `${DOCUMENTS} documents opened, then closed`,
  method: `After ${WARM_UP_DOCUMENTS} others have come and gone, ${DOCUMENTS} documents are opened, each on a socket of its own with one edit in it, and left alone; then everyone leaves, and the server is asked until its memory no longer falls. Every figure is taken after a full garbage collection and stands beside the one before opening: "held" is what JavaScript holds (heap and buffers), which is exact; "resident" is what the process has of the machine, which an allocator gives back late.`,
  metrics: {
    heldOpen: { title: 'held per open document, KB' },
    residentOpen: { title: 'resident per open document, KB' },
    heldClosed: { title: 'held per closed document, KB', target: { of: 'figure', atMost: 0.2 } },
    residentClosed: { title: 'resident per closed document, KB' },
  },

  async run({ documentName, start, paper }) {
    const server = await start();
    await closeAll(await openAll(server, WARM_UP_DOCUMENTS, (index) => documentName(`warm-${index}`), paper));
    const before = await settled(server);
    const meter = startGeneratorMeter();
    const clients = await openAll(server, DOCUMENTS, (index) => documentName(`idle-${index}`), paper);
    const open = await settled(server);
    await closeAll(clients);
    const closed = await settled(server);
    const generatorShare = meter.share();
    await server.stop();
    const kilobytes = (usage: Usage, what: 'residentBytes' | 'heldBytes') => (usage[what] - before[what]) / DOCUMENTS / 1_000;
    return {
      figures: {
        heldOpen: kilobytes(open, 'heldBytes'),
        residentOpen: kilobytes(open, 'residentBytes'),
        heldClosed: kilobytes(closed, 'heldBytes'),
        residentClosed: kilobytes(closed, 'residentBytes'),
      },
      generatorShare,
    };
  },
};

async function openAll(server: ServerProcess, count: number, name: (index: number) => string, paper: Parameters<typeof updateFrames>[1]) {
  const clients: Client[] = [];
  const indexes = Array.from({ length: count }, (_, index) => index).values();
  const lane = async () => {
    for (const index of indexes) {
      const client = await Client.join(server.collab, name(index));
      await client.write(updateFrames(name(index), paper, 0, 1), 1);
      clients.push(client);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return clients;
}

async function closeAll(clients: readonly Client[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()));
}

/** The memory of a server once it no longer falls. */
async function settled(server: ServerProcess): Promise<Usage> {
  const deadline = performance.now() + PATIENCE_MS;
  let least = await server.usage(true);
  let since = performance.now();
  while (performance.now() - since < STEADY_MS && performance.now() < deadline) {
    await sleep(POLL_MS);
    const usage = await server.usage(true);
    // Less than a hundredth is the coming and going of timers and answers.
    if (usage.heldBytes < least.heldBytes * 0.99) since = performance.now();
    if (usage.heldBytes < least.heldBytes) least = usage;
  }
  return least;
}
