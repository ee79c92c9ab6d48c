import { createHash } from 'node:crypto';
import { EXPORT_REVISION, type Format } from '../../document/formats/format.ts';
import type { ExportedAs } from '../ports/conversions.ts';
import { version } from '../version.ts';

/** What a file is made of. */
export interface ExportSource {
  /** Names the state; see `DocumentState.key`. */
  readonly key: string | null;
  readonly updates: readonly Uint8Array[];
  readonly title: string;
  readonly format: Format;
  readonly as: ExportedAs;
}

/**
 * The entity tag of an export (RFC 9110, section 8.8.3), which is known before anything is converted: the same state, asked for in the same
 * way of the same converters, is the same file. Archives say when they were written, so that theirs is weak.
 */
export function exportTag({ key, updates, title, format, as }: ExportSource): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([version, EXPORT_REVISION, format.name, title, key, as]));
  if (key === null) for (const update of updates) hash.update(update);
  return `${format.text ? '' : 'W/'}"${hash.digest('base64url')}"`;
}

/** Whether a client has what it asks for: weak comparison (RFC 9110, section 13.1.2). */
export function isUnchanged(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const bare = (text: string) => text.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((one) => bare(one) === bare(tag));
}
