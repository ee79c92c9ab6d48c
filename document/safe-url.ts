/**
 * Which addresses a document may point at. A scheme is read the way a browser reads it: control
 * characters and spaces anywhere in front of the colon do not hide one ("java\nscript:").
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Z}]/gu;
const LINK_SCHEMES = new Set(['http', 'https', 'mailto', 'tel', 'sms', 'ftp', 'ftps', 'xmpp', 'irc', 'ircs', 'callto', 'cid']);
const RASTER_DATA = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp);base64,[a-z0-9+/=]*$/i;

function scheme(url: string): string | null {
  // A scheme longer than this is none we allow, and an address may be megabytes long.
  const start = url.replace(/^[\p{Cc}\p{Cf}\p{Z}]+/u, '').slice(0, 256);
  return /^([a-z][a-z0-9+.-]*):/i.exec(start.replace(INVISIBLE, ''))?.[1]?.toLowerCase() ?? null;
}

/** Whether a link may have this address: relative, or one of the schemes that only navigate. */
export function isSafeLink(url: unknown): url is string {
  if (typeof url !== 'string') return false;
  const found = scheme(url);
  return found === null || LINK_SCHEMES.has(found);
}

/** Whether an image may have this address: relative, http(s), or a raster image in a `data:` URL (an SVG can hold script). */
export function isSafeImage(url: unknown): url is string {
  if (typeof url !== 'string' || url === '') return false;
  const found = scheme(url);
  return found === null || found === 'http' || found === 'https' || (found === 'data' && RASTER_DATA.test(url));
}
