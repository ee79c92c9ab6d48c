import { fileTypeFromBuffer } from 'file-type';
import { isPictureType } from '../../protocol/assets.ts';

/** How much of a file its type is told by, bytes. */
export const SNIFFED_BYTES = 4100;

/** What an asset is, as far as its bytes tell; `refused` with a reason for a person. */
export type SniffedType = { readonly mediaType: string } | { readonly refused: string };

/** Types that a download may go by; no browser shows one of them in the page when told to save it. */
const DOWNLOADS = new Set([
  ...['application/pdf', 'application/zip', 'application/gzip', 'application/epub+zip', 'application/rtf'],
  ...['audio/mpeg', 'audio/ogg', 'audio/wav', 'video/mp4', 'video/webm', 'video/quicktime', 'image/heic', 'image/tiff', 'image/bmp'],
]);

/** Office files, which are zip inside. */
const OFFICE = /^application\/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\.[\w.-]+$/;

const OTHER = 'application/octet-stream';

/**
 * The type of a file by its first bytes. What a sender said of it, or its name, counts for nothing. SVG can hold script and
 * is refused; a picture that hides behind another type is a download like anything else that is no picture.
 */
export async function sniffType(start: Uint8Array): Promise<SniffedType> {
  const head = start.subarray(0, SNIFFED_BYTES);
  const text = textOf(head);
  if (text !== null && isSvg(text)) return { refused: 'An SVG picture can hold programs. Save it as PNG and upload that.' };
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const mediaType = found?.mime === 'image/apng' ? 'image/png' : found?.mime;
  // What is text throughout is no picture, whatever its first letters are: "GIF" is enough for the library.
  if (mediaType !== undefined && isPictureType(mediaType) && text === null) return { mediaType };
  if (mediaType !== undefined && (DOWNLOADS.has(mediaType) || OFFICE.test(mediaType))) return { mediaType };
  return { mediaType: text === null ? OTHER : 'text/plain' };
}

/** The bytes as text; `null` when they are none, in UTF-8 or, with its mark, UTF-16. */
function textOf(head: Uint8Array): string | null {
  const [first, second] = head;
  const utf16 = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  try {
    // Streaming: a character may be cut off at the end.
    const text = new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(head, { stream: true });
    return /[^\P{Cc}\t\n\f\r]/u.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** Whether the first element of a text is `svg`, past whatever XML may stand before it. */
function isSvg(text: string): boolean {
  const prolog = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!doctype[^[>]*(?:\[[\s\S]*?\]\s*)?>)*/i.exec(text)?.[0].length ?? 0;
  return /^<(?:[\w-]+:)?svg[\s/>]/i.test(text.slice(prolog)) || /^<!doctype\s+svg/im.test(text.slice(0, prolog));
}
