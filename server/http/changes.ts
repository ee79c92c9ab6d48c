import { setTimeout as pause } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import type { Change } from '../../document/edits/operations.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Asker, Conversions } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import type { History } from '../ports/history.ts';
import { askerOf } from './asker.ts';
import { streamFor } from './asset-stream.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

/** How often a document is looked at, ms: edits of a second are one event. */
const LOOK_EVERY_MS = 1_000;

/** How often something is said where nothing happens, ms: less than proxies' shortest time limits. */
const BEAT_MS = 15_000;

/** How long a stream lasts, ms; its client opens another then, with the token it has by then. */
const MAX_STREAM_MS = 600_000;

/** Streams at a time. */
const MAX_STREAMS = 256;

const streamChanges = route({
  method: 'get',
  path: '/api/documents/{name}/changes',
  permission: 'document.read',
  of: 'document',
  tags: ['Content'],
  summary: 'Follow what changes in a document',
  description: [
    'Server-sent events, at most one a second. `change` has the version it leads to (also as the id of the event), who made its last edit, and what has become of the outermost',
    'blocks since the event before. `deleted` is the last one of a document that is gone. A stream ends after ten minutes and is opened again with `Last-Event-ID`, as EventSource does by itself: nothing is left out.',
  ].join(' '),
  request: {
    query: z.object({
      since: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .openapi({ description: 'A version: what has changed since then comes first. Without it, from now on.' }),
    }),
    headers: z.object({
      'Last-Event-ID': z
        .string()
        .regex(/^\d{1,15}$/)
        .optional()
        .openapi({ description: 'The id of the last event that came; in place of `since`.' }),
    }),
  },
  responses: {
    200: {
      description: 'The events.',
      content: {
        'text/event-stream': {
          schema: z.string().openapi({ example: 'id: 42\nevent: change\ndata: {"version":42,"updatedBy":"ada","changes":[]}\n\n' }),
        },
      },
    },
    ...refusals('bad-name', 'bad-request', 'document-not-found', 'overloaded', 'conversion-timeout', 'content-too-complex'),
  },
});

interface ChangesParts {
  readonly documents: Pick<Documents, 'info' | 'state'>;
  readonly history: Pick<History, 'past'>;
  readonly conversions: Pick<Conversions, 'difference'>;
}

/** Follow a document without asking again and again. */
export function addChangesRoute(routes: Routes, parts: ChangesParts): void {
  let streams = 0;
  routes.add(streamChanges, async (c, { caller, name }) => {
    const { since: asked } = c.req.valid('query');
    const last = c.req.header('last-event-id');
    const since = last === undefined ? asked : Number(last);
    c.header('Content-Type', 'text/event-stream');
    c.header('Cache-Control', 'no-store, no-transform');
    // Of nginx, which would keep a stream back otherwise.
    c.header('X-Accel-Buffering', 'no');
    if (c.req.method === 'HEAD') {
      if ((await parts.documents.info(name)) === null) throw new InkwireError('document-not-found');
      return c.body(null, 200) as never;
    }
    if (streams >= MAX_STREAMS) throw new InkwireError('overloaded', 'Too many streams of changes are open. Try again later.');
    streams += 1;
    const counted = async function* () {
      try {
        for await (const event of eventsOf(parts, name, since, askerOf(c, caller))) yield new TextEncoder().encode(event);
      } finally {
        streams -= 1;
      }
    };
    const body = await streamFor(counted(), () => caller.require('document.read', name));
    return c.body(body, 200) as never;
  });
}

async function* eventsOf(
  { documents, history, conversions }: ChangesParts,
  name: string,
  since: number | undefined,
  asker: Asker,
): AsyncGenerator<string> {
  let { updates, version } = await documents.state(name);
  yield `retry: ${LOOK_EVERY_MS}\n\n`;
  if (since !== undefined && since < version) {
    const then = since === 0 ? [] : [(await history.past(name, { version: since }, asker)).state];
    yield* await change(documents, name, version, await conversions.difference(then, updates, asker));
  }
  const begun = performance.now();
  let saidAt = begun;
  while (!asker.signal.aborted && performance.now() - begun < MAX_STREAM_MS) {
    await pause(LOOK_EVERY_MS);
    const head = await headOf(documents, name);
    if (head === null) {
      yield 'event: deleted\ndata: {}\n\n';
      return;
    }
    if (head === 'unknown' || head === version) {
      if (performance.now() - saidAt < BEAT_MS) continue;
      saidAt = performance.now();
      yield ':\n\n';
      continue;
    }
    const now = await documents.state(name);
    const changes = await conversions.difference(updates, now.updates, asker);
    ({ updates, version } = now);
    saidAt = performance.now();
    yield* await change(documents, name, version, changes);
  }
}

/** The version of a document; `null` when it is gone, and nothing known while the database is away. */
async function headOf(documents: Pick<Documents, 'info'>, name: string): Promise<number | 'unknown' | null> {
  try {
    return (await documents.info(name))?.version ?? null;
  } catch (error) {
    if (error instanceof InkwireError && error.code === 'database-unavailable') return 'unknown';
    throw error;
  }
}

async function change(documents: Pick<Documents, 'info'>, name: string, version: number, changes: readonly Change[]): Promise<string[]> {
  const updatedBy = (await documents.info(name))?.updatedBy ?? null;
  return [`id: ${version}\nevent: change\ndata: ${JSON.stringify({ version, updatedBy, changes })}\n\n`];
}
