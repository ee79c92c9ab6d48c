import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Operation } from '../../document/edits/operations.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Conversions } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import type { EditRequest, Edits } from '../ports/edits.ts';
import { askerOf } from './asker.ts';
import type { Caller } from './caller.ts';
import { matchedVersions } from './content.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

/** The most operations of one edit, and the longest name of a key. */
const MAX_OPERATIONS = 1_000;
const MAX_KEY_LENGTH = 255;

const id = (what: string) => z.string().max(64).openapi({ description: what, example: '1k3v9xz-a4' });
const markdown = z.string().openapi({ description: 'Blocks, as Markdown. Of a list beside an item of a list its items are taken.' });

/** Where something goes; exactly one. */
const place = {
  at: z.enum(['start', 'end']).optional().openapi({ description: 'An end of the document.' }),
  before: id('The id of the block it goes before.').optional(),
  after: id('The id of the block it goes after.').optional(),
  under: z.string().min(1).optional().openapi({
    description: 'The text of a heading; behind what stands under it, before the next heading of its level or a higher one.',
    example: 'Open questions',
  }),
};
const isOnePlace = (given: Partial<Record<keyof typeof place, unknown>>) =>
  Object.keys(place).filter((key) => given[key as keyof typeof place] !== undefined).length === 1;
const ONE_PLACE = { error: 'Say one of at, before, after and under.' };

export const OperationBody = z
  .discriminatedUnion('op', [
    z
      .strictObject({
        op: z.literal('replace'),
        quote: z.string().min(1).openapi({ description: 'Text that stands within one block, exactly.' }),
        prefix: z.string().optional().openapi({ description: 'What stands right before it, when it stands in several places.' }),
        suffix: z.string().optional().openapi({ description: 'What stands right after it.' }),
        with: z.string().openapi({ description: 'The text that takes its place and its formatting.' }),
        all: z.boolean().optional().openapi({ description: 'In every place where it stands.' }),
      })
      .openapi({ description: 'Replaces text that is found by what it says.' }),
    z
      .strictObject({ op: z.literal('insert'), markdown, ...place })
      .refine(isOnePlace, ONE_PLACE)
      .openapi({ description: 'Inserts blocks.' }),
    z
      .strictObject({ op: z.literal('replaceBlock'), block: id('Which block.'), markdown })
      .openapi({ description: 'Replaces a block. One that stays of its type keeps its id, and the text that stays in it.' }),
    z
      .strictObject({ op: z.literal('moveBlock'), block: id('Which block.'), ...place })
      .refine(isOnePlace, ONE_PLACE)
      .openapi({ description: 'Moves a block, which has another id then.' }),
    z.strictObject({ op: z.literal('deleteBlock'), block: id('Which block.') }).openapi({ description: 'Deletes a block.' }),
    z.strictObject({ op: z.literal('setTitle'), title: z.string() }).openapi({ description: 'Sets the title.' }),
  ])
  .openapi('Operation');

const EditBody = z
  .strictObject({
    operations: z
      .array(OperationBody)
      .min(1)
      .max(MAX_OPERATIONS)
      .openapi({ description: 'Done one after the other; all of them, or none.' }),
    dryRun: z.boolean().optional().openapi({ description: 'True: says what would change, and changes nothing.' }),
  })
  .openapi('Edit');

export const Change = z
  .object({
    kind: z.enum(['inserted', 'changed', 'deleted', 'title']),
    block: id('The outermost block it is in.').optional(),
    before: z.string().optional().openapi({ description: 'Its Markdown before.' }),
    after: z.string().optional().openapi({ description: 'Its Markdown after.' }),
  })
  .openapi('Change');

export const EditMade = z
  .object({
    id: z.uuid().nullable().openapi({ description: 'Names the edit, to take it back; null when nothing was changed.' }),
    version: z.int().openapi({ description: 'Head of the log after the commit.' }),
    changes: z.array(Change),
    warnings: z.array(z.string()).openapi({ description: 'What could not be written as it was said.' }),
  })
  .openapi('EditMade');

const headers = z.object({
  'If-Match': z.string().optional().openapi({ description: '`"<version>"`: refuse when the document has changed since.' }),
  'Idempotency-Key': z.string().min(1).max(MAX_KEY_LENGTH).optional().openapi({
    description:
      'Any text that names this edit among yours of this document: sent again within 24 hours it is answered again, and not made again.',
    example: '8f14e45f-ea4e-4f6a-8f3e-2f2d6c1d7b11',
  }),
});

const made = {
  200: {
    description: 'Made and committed, or what would be.',
    headers: z.object({ ETag: z.string().openapi({ description: '`W/"<version>"`, for the next If-Match.' }) }),
    content: { 'application/json': { schema: EditMade } },
  },
  ...refusals(
    'bad-name',
    'bad-request',
    'bad-content',
    'document-not-found',
    'edit-not-found',
    'edit-in-progress',
    'version-mismatch',
    'edit-refused',
    'key-reused',
    'body-too-large',
    'unsupported-media-type',
    'overloaded',
    'conversion-timeout',
    'content-too-complex',
  ),
};

const makeEdit = route({
  method: 'post',
  path: '/api/documents/{name}/edits',
  permission: 'document.edit',
  of: 'document',
  tags: ['Content'],
  summary: 'Edit a document beside the people in it',
  description:
    'One live edit, all of it or nothing, that touches nothing but what it says: open editors see it at once, with carets and undo of their own. Answered after the commit.',
  request: { headers, body: { required: true, content: { 'application/json': { schema: EditBody } } } },
  responses: made,
});

const undoEdit = route({
  method: 'post',
  path: '/api/documents/{name}/edits/{id}/undo',
  permission: 'document.edit',
  of: 'document',
  tags: ['Content'],
  summary: 'Take an edit back',
  description:
    'What it deleted comes back, what it wrote goes, and what others have written since stays, also within a block that it brought. It is an edit itself, and can be taken back.',
  request: {
    params: z.object({ id: z.uuid().openapi({ param: { name: 'id', in: 'path' }, description: 'As the edit was answered.' }) }),
    headers,
  },
  responses: made,
});

export const Blocks = z
  .object({
    version: z.int(),
    title: z.string(),
    blocks: z.array(
      z
        .object({
          id: id('Names it in edits.'),
          type: z.string().openapi({ example: 'paragraph' }),
          parent: id('The block around it; null for the outermost.').nullable(),
          attrs: z.record(z.string(), z.unknown()).optional(),
          text: z.string().optional().openapi({ description: 'Of a block that holds text.' }),
          markdown: z.string().optional().openapi({ description: 'Of an outermost block, with all that is in it.' }),
        })
        .openapi('Block'),
    ),
  })
  .openapi('Blocks');

const readBlocks = route({
  method: 'get',
  path: '/api/documents/{name}/blocks',
  permission: 'document.read',
  of: 'document',
  tags: ['Content'],
  summary: 'Read a document as blocks',
  description: 'The live state: every block with its id, each before those within it. An id holds whatever is written in its block.',
  responses: {
    200: {
      description: 'The blocks.',
      headers: z.object({ ETag: z.string().openapi({ description: '`W/"<version>"`, for If-Match of an edit.' }) }),
      content: {
        'application/json': {
          schema: Blocks,
        },
      },
    },
    ...refusals('bad-name', 'document-not-found', 'overloaded', 'conversion-timeout', 'content-too-complex'),
  },
});

interface EditRouteParts {
  readonly documents: Pick<Documents, 'info' | 'state'>;
  readonly conversions: Pick<Conversions, 'readBlocks'>;
  readonly edits: Edits;
}

/** Edit a document, take an edit back, and read the blocks that edits name. */
export function addEditRoutes(routes: Routes, { documents, conversions, edits }: EditRouteParts): void {
  async function requestOf(c: Context, caller: Caller, documentName: string, what: EditRequest['what']): Promise<EditRequest> {
    const versions = matchedVersions(c.req.header('if-match'));
    let expectedVersion: number | undefined;
    if (versions !== null) {
      const info = await documents.info(documentName);
      if (info === null) throw new InkwireError('document-not-found');
      if (!versions.has(String(info.version))) throw new InkwireError('version-mismatch', `The document is at version ${info.version}.`);
      expectedVersion = info.version;
    }
    const { author, identity } = caller;
    return {
      ...{ documentName, what, author, expectedVersion },
      sub: identity.sub,
      name: identity.name,
      key: c.req.header('idempotency-key'),
      asker: askerOf(c, caller),
      stillAllowed: () => caller.require('document.edit', documentName),
    };
  }

  routes.add(makeEdit, async (c, { caller, name }) => {
    const { operations, dryRun = false } = c.req.valid('json');
    const request = await requestOf(c, caller, name, operations as unknown as readonly Operation[]);
    const answer = await (dryRun ? edits.preview(request) : edits.make(request));
    c.header('ETag', `W/"${answer.version}"`);
    return c.json(answer as z.infer<typeof EditMade>, 200);
  });

  routes.add(undoEdit, async (c, { caller, name }) => {
    const answer = await edits.make(await requestOf(c, caller, name, { undo: c.req.valid('param').id }));
    c.header('ETag', `W/"${answer.version}"`);
    return c.json(answer as z.infer<typeof EditMade>, 200);
  });

  routes.add(readBlocks, async (c, { caller, name }) => {
    const { updates, version } = await documents.state(name);
    const read = await conversions.readBlocks(updates, askerOf(c, caller));
    caller.require('document.read', name);
    c.header('ETag', `W/"${version}"`);
    return c.json({ version, ...read } as never, 200);
  });
}
