import { createHash } from 'node:crypto';
import { dataPlaceholder } from '../../document/asset-addresses.ts';
import type { DocumentAsset } from '../../persistence/assets/asset-store.ts';
import { assetPath, isPictureType } from '../../protocol/assets.ts';
import type { Assets } from '../ports/assets.ts';

const HASH_DIGITS = 64;

/** Bytes of pictures that one page may hold, before they are written as text; what is more stays links. */
export const MAX_INLINE_BYTES = 64 * 1024 * 1024;

/** A page in parts: bytes as they are, and pictures that are written in between as data. */
export interface InlinedPage {
  /** Bytes in all. */
  readonly length: number;
  /** Hash of the page, which is the same for the same content. */
  readonly etag: string;
  /** Whether anything was put in; if not, the page is what it was. */
  readonly changed: boolean;
  /** Pictures that stayed links: they were too large in all, or are gone. */
  readonly left: number;
  /** Piece by piece, as they are asked for. */
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Puts pictures where an export left places for them (see `dataPlaceholder`). They are read as the page is sent, so that it is
 * never in memory as a whole.
 */
export async function inlineAssets(
  page: Uint8Array,
  { assets, documentName, placeholder, server }: { assets: Assets; documentName: string; placeholder: string; server: string },
): Promise<InlinedPage> {
  const parts: (Buffer | DocumentAsset)[] = [];
  const known = new Map<string, DocumentAsset | null>();
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  const mark = Buffer.from(dataPlaceholder(placeholder, ''));
  let from = 0;
  let left = 0;
  let inlined = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, from)) {
    parts.push(bytes.subarray(from, at));
    from = at + mark.length + HASH_DIGITS;
    const hash = bytes.toString('latin1', at + mark.length, from);
    if (!known.has(hash)) known.set(hash, await assets.find(documentName, hash));
    const asset = known.get(hash) ?? null;
    if (asset !== null && isPictureType(asset.mediaType) && inlined + asset.size <= MAX_INLINE_BYTES) {
      inlined += asset.size;
      parts.push(asset);
    } else {
      left += 1;
      parts.push(Buffer.from(server + assetPath({ documentName, hash })));
    }
  }
  parts.push(bytes.subarray(from));
  await askFor(assets, parts);
  const hash = createHash('sha256');
  for (const part of parts) hash.update(Buffer.isBuffer(part) ? part : part.hash);
  return {
    left,
    changed: parts.length > 1,
    etag: `"${hash.digest('base64url')}"`,
    length: parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : head(part).length + Math.ceil(part.size / 3) * 4), 0),
    async *read() {
      for (const part of parts) {
        if (Buffer.isBuffer(part)) yield part;
        else {
          yield Buffer.from(head(part));
          yield* base64(assets.read(part.hash, 0, part.size));
        }
      }
    },
  };
}

/** Asks for the first picture before anything is sent: storage that is away is a refusal then, rather than half a page. */
async function askFor(assets: Assets, parts: readonly (Buffer | DocumentAsset)[]): Promise<void> {
  const first = parts.find((part): part is DocumentAsset => !Buffer.isBuffer(part));
  if (first === undefined) return;
  for await (const _byte of assets.read(first.hash, 0, 1)) break;
}

function head({ mediaType }: DocumentAsset): string {
  return `data:${mediaType};base64,`;
}

/** Bytes as base64 text, piece by piece: what a piece has beyond a multiple of three waits for the next. */
async function* base64(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    yield Buffer.from(bytes.toString('base64', 0, whole));
  }
  if (rest.length > 0) yield Buffer.from(rest.toString('base64'));
}
