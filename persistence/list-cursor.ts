import { InkwireError } from '../protocol/errors.ts';

/** The last document of a page: the next page begins after it. */
export interface ListPosition {
  /** `updated_at` in microseconds since 1970, the precision Postgres sorts by. */
  readonly updatedAtMicros: string;
  readonly id: string;
}

/** A position as the opaque text that clients hand back. */
export function encodeCursor({ updatedAtMicros, id }: ListPosition): string {
  return Buffer.from(`${updatedAtMicros}.${id}`).toString('base64url');
}

/** Throws `bad-request` on anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): ListPosition {
  const match = /^(-?\d{1,18})\.(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null) throw new InkwireError('bad-request', 'The cursor is damaged. Begin again without one.');
  return { updatedAtMicros: match[1] as string, id: match[2] as string };
}
