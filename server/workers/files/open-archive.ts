import { unzipSync } from 'fflate';
import { InkwireError } from '../../../protocol/errors.ts';

/** Bytes of what is taken out of one archive: a book of 500 pictures is smaller. */
export const MAX_UNPACKED_BYTES = 160 * 1024 * 1024;

/** Bytes of one part that is text: markup of some thousand pages. */
export const MAX_MARKUP_BYTES = 32 * 1024 * 1024;

const MAX_FILES = 10_000;

/**
 * The files of a zip that are wanted, by their path. What an archive says of its sizes is what is unpacked: a file that says less is cut
 * off there, and one that says too much is refused before it is unpacked. Paths are keys of a map and go nowhere else. Throws `bad-content`,
 * `content-too-complex`.
 */
export function openArchive(file: Uint8Array, kind: string, isWanted: (path: string) => boolean): Map<string, Uint8Array> {
  let bytes = 0;
  let files = 0;
  const tooLarge = (what: string) => new InkwireError('content-too-complex', `${what} Several smaller files can be imported one by one.`);
  try {
    const unpacked = unzipSync(file, {
      filter({ name, originalSize }) {
        files += 1;
        if (files > MAX_FILES) throw tooLarge('The file holds too many files.');
        if (!isWanted(name)) return false;
        bytes += originalSize;
        if (bytes > MAX_UNPACKED_BYTES) throw tooLarge('The file is too large once it is unpacked.');
        if (/\.(?:xml|rels|xhtml|html|htm|opf|ncx)$/i.test(name) && originalSize > MAX_MARKUP_BYTES)
          throw tooLarge(`"${name.slice(0, 100)}" in the file is too large.`);
        return true;
      },
    });
    return new Map(Object.entries(unpacked));
  } catch (error) {
    if (error instanceof InkwireError) throw error;
    throw new InkwireError('bad-content', `The file is not ${kind}, or it is damaged.`, { cause: error });
  }
}

/** A part of an archive as text. Throws `bad-content` when it is not there, or declares entities, which no word processor writes and which can grow without end. */
export function markupOf(files: ReadonlyMap<string, Uint8Array>, path: string, kind: string): string {
  const bytes = files.get(path);
  if (bytes === undefined) throw new InkwireError('bad-content', `The file is not ${kind}: "${path.slice(0, 100)}" is missing from it.`);
  const text = new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8').decode(bytes);
  if (/<!ENTITY/i.test(text)) throw new InkwireError('bad-content', 'The file declares entities, which are not read.');
  return text;
}

/** A file's path within an archive, from the file that names it; '' for what lies elsewhere. */
export function pathWithin(base: string, href: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return '';
  try {
    const resolved = new URL(href, new URL(base, 'archive:///'));
    return decodeURIComponent(resolved.pathname).replace(/^\/+/, '');
  } catch {
    return '';
  }
}

/** A picture as an address that holds it; '' for what is none. */
export function dataAddress(bytes: Uint8Array | undefined, path: string): string {
  const type = TYPES[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''];
  return bytes === undefined || type === undefined ? '' : `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
};
