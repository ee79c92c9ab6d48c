import type { Context } from 'hono';
import type { Asker } from '../ports/conversions.ts';
import type { Caller } from './caller.ts';
import { peerOf } from './peer.ts';

/** Who asks for a conversion: the one a token names, else whoever is at the address; gone when the connection is. */
export function askerOf(c: Context, { author }: Caller): Asker {
  return { owner: author === null ? `address ${peerOf(c).address}` : `user ${author}`, signal: c.req.raw.signal };
}
