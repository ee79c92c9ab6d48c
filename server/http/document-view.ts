import { z } from '@hono/zod-openapi';
import type { DocumentInfo } from '../../persistence/document-store.ts';
import { documentPath } from '../../protocol/document-name.ts';
import { ROLES, type Role } from '../../protocol/role.ts';
import type { Documents } from '../ports/documents.ts';

const time = (what: string) => z.iso.datetime().openapi({ description: what, example: '2026-11-20T06:10:00.000Z' });

/** A document as the API shows it. */
export const DocumentView = z
  .object({
    name: z.string().openapi({ description: 'Names the document everywhere; percent-encode it in a path.', example: 'team/plan' }),
    title: z.string().openapi({ description: 'The title shared by all who edit; empty when it has none.', example: 'Plan for spring' }),
    version: z.int().min(0).openapi({ description: 'How many updates are committed. Grows with every edit.', example: 42 }),
    bytes: z.object({
      snapshot: z.int().openapi({ description: 'Size of the compacted state, in bytes.' }),
      log: z.int().openapi({ description: 'Size of the updates committed since, in bytes.' }),
    }),
    createdAt: time('When it was created.'),
    updatedAt: time('When the last update was committed.'),
    updatedBy: z.string().nullable().openapi({ description: 'Who made the last update, null when unknown.' }),
    present: z
      .array(z.object({ name: z.string(), color: z.string() }))
      .openapi({ description: 'Who has the document open at this moment, as they call themselves.' }),
    role: z.enum(ROLES).openapi({ description: 'What whoever asks may do with it; each role includes those before it.' }),
    links: z
      .object({ page: z.string(), self: z.string(), export: z.string(), content: z.string() })
      .openapi({ description: 'Paths on this server: the page to write on, and the addresses of this API.' }),
  })
  .openapi('Document');

/** The path of a document in the API, its name percent-encoded as one segment. */
export function apiPath(name: string): string {
  return `/api/documents/${encodeURIComponent(name)}`;
}

/** The JSON of a document for somebody with this role on it; `outside` as `Routes` has it. */
export function viewDocument(
  info: DocumentInfo,
  present: ReturnType<Documents['present']>,
  role: Role,
  outside: (path: string) => string,
): z.infer<typeof DocumentView> {
  const self = outside(apiPath(info.name));
  return {
    name: info.name,
    title: info.title,
    version: info.version,
    bytes: { snapshot: info.snapshotBytes, log: info.logBytes },
    createdAt: info.createdAt.toISOString(),
    updatedAt: info.updatedAt.toISOString(),
    updatedBy: info.updatedBy,
    present: present.map(({ name, color }) => ({ name, color })),
    role,
    links: { page: outside(documentPath(info.name)), self, export: `${self}/export`, content: `${self}/content` },
  };
}
