import { createHash } from 'node:crypto';
import type { DocumentAsset } from '../../../persistence/assets/asset-store.ts';
import { InkwireError } from '../../../protocol/errors.ts';
import type { Assets } from '../../ports/assets.ts';

/** Pictures and files in memory, at most a megabyte each. What begins with a letter that no text does is a PNG. */
export function memoryAssets(): Assets {
  const bytesOf = new Map<string, Buffer>();
  const held = new Map<string, DocumentAsset>();
  const maxBytes = 1024 * 1024;
  return {
    maxBytes,
    async store({ documentName, open, stillAllowed }) {
      const { fileName, bytes } = await open();
      const pieces: Uint8Array[] = [];
      let size = 0;
      for await (const piece of bytes) {
        size += piece.length;
        if (size > maxBytes) throw new InkwireError('body-too-large');
        pieces.push(piece.slice());
      }
      stillAllowed();
      const whole = Buffer.concat(pieces);
      const hash = createHash('sha256').update(whole).digest('hex');
      const asset = { documentName, hash, mediaType: whole[0] === 0x89 ? 'image/png' : 'text/plain', size, fileName };
      bytesOf.set(hash, whole);
      held.set(`${documentName} ${hash}`, asset);
      return asset;
    },
    find: async (documentName, hash) => held.get(`${documentName} ${hash}`) ?? null,
    async *read(hash, from, to) {
      const whole = bytesOf.get(hash) ?? Buffer.alloc(0);
      for (let at = from; at < Math.min(to, whole.length); at += 1000) yield whole.subarray(at, Math.min(at + 1000, to));
    },
  };
}
