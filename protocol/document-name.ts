/** Why a string cannot name a document; each reads as the end of "The name …". */
export type NameProblem = 'is empty' | 'is longer than 255 bytes' | 'holds a control character' | 'is not valid Unicode' | 'is "." or ".."';

/** The longest name, in UTF-8 bytes. */
export const MAX_NAME_BYTES = 255;

const encoder = new TextEncoder();

/**
 * What is wrong with a document's name, or `null` when it is a good one: any UTF-8 of 1–255 bytes
 * without control characters (C0, DEL, C1), not blank. "." and ".." are refused because every URL
 * parser drops them, however they are escaped, so such a document could not be addressed.
 */
export function nameProblem(name: string): NameProblem | null {
  if (name.trim() === '') return 'is empty';
  if (!name.isWellFormed()) return 'is not valid Unicode';
  if (/\p{Cc}/u.test(name)) return 'holds a control character';
  if (name === '.' || name === '..') return 'is "." or ".."';
  if (encoder.encode(name).length > MAX_NAME_BYTES) return 'is longer than 255 bytes';
  return null;
}

/** The path of a document's page, its name percent-encoded as one segment. */
export function documentPath(name: string): string {
  return `/d/${encodeURIComponent(name)}`;
}
