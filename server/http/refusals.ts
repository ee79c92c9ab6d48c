import { z } from '@hono/zod-openapi';
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts';

const codes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** The body of every refusal (RFC 9457). */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string().openapi({ description: 'One sentence, the same for every refusal with this code.' }),
    status: z.int(),
    code: z.enum(codes).openapi({ description: 'Stable: programs may rely on it.' }),
    detail: z.string().optional().openapi({ description: 'What was wrong this time.' }),
  })
  .catchall(z.unknown())
  .openapi('Problem', { description: 'Why a request was refused. Some codes add members: `formats`, `errors`, `position`, `requestId`.' });

/** What any request can meet, whatever it asks for. */
const ANYWHERE: readonly ErrorCode[] = [
  ...(['origin-refused', 'host-refused', 'too-many-requests', 'internal', 'database-unavailable', 'shutting-down'] as const),
];

/** What a caller meets who must say who they are. */
const SIGNING_IN: readonly ErrorCode[] = [
  ...(['sign-in-required', 'token-invalid', 'token-expired', 'token-revoked', 'forbidden', 'keys-unavailable'] as const),
];

/** OpenAPI's responses for the refusals a route can give, those of signing in, and those any route can. */
export function refusals(...own: ErrorCode[]) {
  return publicRefusals(...own, ...SIGNING_IN);
}

/** The same for a route that asks nobody who they are. */
export function publicRefusals(...own: ErrorCode[]) {
  const byStatus: Record<number, { description: string; content: { 'application/problem+json': { schema: typeof Problem } } }> = {};
  for (const code of new Set([...own, ...ANYWHERE])) {
    const { status, title } = ERRORS[code];
    const line = `\`${code}\`: ${title}`;
    const before = byStatus[status];
    byStatus[status] = {
      description: before === undefined ? line : `${before.description} ${line}`,
      content: { 'application/problem+json': { schema: Problem } },
    };
  }
  return byStatus;
}
