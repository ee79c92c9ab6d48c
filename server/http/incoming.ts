import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

/** The request as Node has it; `undefined` for one that was made in process. */
export function incomingOf(c: Context): IncomingMessage | undefined {
  return (c.env as { incoming?: IncomingMessage } | undefined)?.incoming;
}
