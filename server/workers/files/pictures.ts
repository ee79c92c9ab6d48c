import { imageSize } from 'image-size';
import type { ContentNode } from '../../../document/content.ts';
import { readAssetAddress } from '../../../protocol/assets.ts';

export type PictureType = 'png' | 'jpg' | 'gif' | 'webp' | 'avif';

/** A picture as a file holds it. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly type: PictureType;
  readonly mediaType: string;
  /** Of the picture itself, px. */
  readonly width: number;
  readonly height: number;
}

/** The picture that an address names; `null` for what is not at hand: nothing is fetched ([X1]). */
export type FindPicture = (src: unknown) => Picture | null;

/** The hashes of the document's own pictures that its content shows. */
export function ownPictures(content: ContentNode, documentName: string): string[] {
  const found = new Set<string>();
  const stack: ContentNode[] = [content];
  while (stack.length > 0) {
    const node = stack.pop()!;
    const asset = ownAsset(node.attrs?.src, documentName);
    if (asset !== null) found.add(asset);
    for (const child of node.content ?? []) stack.push(child);
  }
  return [...found];
}

/** Finds those of the document, by their hash, and those that are written in the content as data. */
export function pictureFinder(documentName: string, own: ReadonlyMap<string, Uint8Array>): FindPicture {
  return (src) => {
    if (typeof src !== 'string') return null;
    const hash = ownAsset(src, documentName);
    const bytes = hash === null ? dataOf(src) : own.get(hash);
    return bytes === undefined || bytes === null ? null : pictureOf(bytes);
  };
}

function ownAsset(src: unknown, documentName: string): string | null {
  const asset = typeof src === 'string' ? readAssetAddress(src) : null;
  return asset !== null && asset.documentName === documentName ? asset.hash : null;
}

function dataOf(src: string): Uint8Array | null {
  const base64 = /^data:image\/[\w+.-]+;base64,([A-Za-z0-9+/=\s]*)$/.exec(src)?.[1];
  return base64 === undefined ? null : new Uint8Array(Buffer.from(base64, 'base64'));
}

const TYPES: Readonly<Record<string, readonly [PictureType, string]>> = {
  png: ['png', 'image/png'],
  jpg: ['jpg', 'image/jpeg'],
  gif: ['gif', 'image/gif'],
  webp: ['webp', 'image/webp'],
  heif: ['avif', 'image/avif'],
  avif: ['avif', 'image/avif'],
};

/** What bytes are, by themselves and not by what was said of them; `null` for no picture that files may hold. */
function pictureOf(bytes: Uint8Array): Picture | null {
  try {
    const { type, width, height } = imageSize(bytes);
    const [name, mediaType] = TYPES[type ?? ''] ?? [];
    if (name === undefined || mediaType === undefined || !(width > 0 && height > 0)) return null;
    return { bytes, type: name, mediaType, width, height };
  } catch {
    return null;
  }
}

/** How large a picture is shown, px: as the writer says, in proportion where one side is said, and no wider than `maxWidth`. */
export function shownSize(picture: Picture, attrs: Readonly<Record<string, unknown>>, maxWidth: number): { width: number; height: number } {
  const [askedWidth, askedHeight] = [sizeOf(attrs.width), sizeOf(attrs.height)];
  const ratio = picture.height / picture.width;
  const width = askedWidth ?? (askedHeight === null ? picture.width : askedHeight / ratio);
  const height = askedHeight ?? width * ratio;
  const shrink = Math.min(1, maxWidth / width);
  return { width: Math.max(1, Math.round(width * shrink)), height: Math.max(1, Math.round(height * shrink)) };
}

function sizeOf(value: unknown): number | null {
  const size = Number(value);
  return Number.isFinite(size) && size >= 1 ? Math.min(size, 10_000) : null;
}
