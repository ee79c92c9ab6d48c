import { nameProblem } from '../../protocol/document-name.ts';
import { InkwireError } from '../../protocol/errors.ts';

/** A good name as it is; throws `bad-name` with the reason for any other. */
export function checkedName(name: string): string {
  const fault = nameProblem(name);
  if (fault !== null) throw new InkwireError('bad-name', `The name ${fault}.`);
  return name;
}

/**
 * The document that a segment of a path names. Throws `bad-name`, also for malformed percent escapes:
 * Hono's own `param()` would pass these on half decoded, as the name of another document. Relies on
 * `rawPath`.
 */
export function nameFromSegment(segment: string): string {
  let name: string;
  try {
    name = decodeURIComponent(segment);
  } catch {
    throw new InkwireError('bad-name', 'The percent-encoding of the name is malformed.');
  }
  return checkedName(name);
}

/**
 * The path as it was sent, for Hono's router: its default decodes before it matches, so what a
 * segment holds and what separates segments would depend on each other.
 */
export function rawPath(request: Request): string {
  return new URL(request.url).pathname;
}
