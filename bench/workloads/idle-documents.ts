import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../generator/client.ts';
import type { Updates } from '../generator/edits.ts';
import { updateFrames } from '../generator/frames.ts';
import type { Usage } from '../servers/probe.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

const DOCUMENTS = 1_000;
const WARM_UP_DOCUMENTS = 200;
const AT_ONCE = 50;
/** Longer than the debounce after which a closed document leaves memory (2 s). */
const STEADY_MS = 3_000;
const POLL_MS = 500;
const PATIENCE_MS = 30_000;

type Key = 'residentOpen' | 'heldOpen' | 'residentClosed' | 'heldClosed';

export const idleDocuments: Workload<Key> = {
  id: 'idle-documents',
  title: `${DOCUMENTS} documents opened, then closed`,
  method: `After ${WARM_UP_DOCUMENTS} others have come and gone, ${DOCUMENTS} documents are opened, each on a socket of its own with one edit in it, and left alone; that against the memory before is an open document. Everyone leaves, then ${DOCUMENTS} others come and go; what the server has more after the second time than after the first is what a closed document leaves behind. Every figure is taken after full garbage collections, once memory no longer falls. "Held" is what JavaScript holds (heap and buffers); "resident" is what the process has of the machine.`,
  needs: 'storage',
  long: true,
  metrics: {
    heldOpen: { title: 'held per open document, KB' },
    residentOpen: { title: 'resident per open document, KB' },
    heldClosed: { title: 'held per closed document, KB', targets: [{ atMost: 0.1 }] },
    residentClosed: { title: 'resident per closed document, KB' },
  },

  turns: { full: 3, quick: 1 },
  anew: true,
  sizes: [
    {
      quick: true,
      async prepare({ start, paper }) {
        const server = await start();
        await closeAll(await openAll(server, 'warm', WARM_UP_DOCUMENTS, paper));
        return {
          async turn() {
            const before = await settled(server);
            const meter = startGeneratorMeter();
            const first = await openAll(server, 'first', DOCUMENTS, paper);
            const open = await settled(server);
            await closeAll(first);
            const closed = await settled(server);
            await closeAll(await openAll(server, 'second', DOCUMENTS, paper));
            const closedAgain = await settled(server);
            const generatorShare = meter.share();
            const kilobytes = (bytes: number) => bytes / DOCUMENTS / 1_000;
            return {
              figures: {
                heldOpen: kilobytes(open.heldBytes - before.heldBytes),
                residentOpen: kilobytes(open.residentBytes - before.residentBytes),
                heldClosed: kilobytes(closedAgain.heldBytes - closed.heldBytes),
                residentClosed: kilobytes(closedAgain.residentBytes - closed.residentBytes),
              },
              generatorShare,
            };
          },
          finish: async () => {},
        };
      },
    },
  ],
};

async function openAll(server: ServerProcess, prefix: string, count: number, paper: Updates): Promise<Client[]> {
  const clients: Client[] = [];
  const indexes = Array.from({ length: count }, (_, index) => index).values();
  const lane = async () => {
    for (const index of indexes) {
      const name = `${prefix}-${index}`;
      const client = await Client.join(server.collab, name);
      await client.write(updateFrames(name, paper, 0, 1), 1);
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
