const MAX_CHARACTERS = 120;

/** What no common file system takes in a name, and what reorders text around it (control and bidirectional characters). */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu;

/** A file name made of a document's title or name; `extension` without a dot. Never empty, hidden or a path. */
export function downloadName(title: string, extension: string): string {
  const cleaned = title.normalize('NFC').replace(FORBIDDEN, ' ').replace(/\s+/gu, ' ');
  const stem = Array.from(cleaned)
    .slice(0, MAX_CHARACTERS)
    .join('')
    .replace(/^[. ]+|[. ]+$/g, '');
  return `${stem === '' ? 'document' : stem}.${extension}`;
}

/**
 * Content-Disposition (RFC 6266) for a file name: what every client reads in ASCII, and the full name
 * in UTF-8 (RFC 8187) for those that can.
 */
export function contentDisposition(disposition: 'attachment' | 'inline', fileName: string): string {
  const ascii = fileName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '_')
    .replace(/["\\%]/g, '_');
  const extended = encodeURIComponent(fileName).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${extended}`;
}
