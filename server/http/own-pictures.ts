import { isPictureType } from '../../protocol/assets.ts';
import type { Assets } from '../ports/assets.ts';
import { MAX_INLINE_BYTES } from './inline-assets.ts';

/** The pictures of a document that a file of it is to hold, by their hash; what is gone, is no picture or is too much is not among them. */
export async function picturesOf(
  assets: Assets,
  documentName: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const pictures = new Map<string, Uint8Array>();
  let left = MAX_INLINE_BYTES;
  for (const hash of hashes) {
    const asset = await assets.find(documentName, hash);
    if (asset === null || !isPictureType(asset.mediaType) || asset.size > left) continue;
    left -= asset.size;
    const pieces: Uint8Array[] = [];
    for await (const piece of assets.read(hash, 0, asset.size)) pieces.push(piece);
    pictures.set(hash, Buffer.concat(pieces));
  }
  return pictures;
}
