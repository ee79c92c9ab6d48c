import { InkwireError } from '../../protocol/errors.ts';
import type { Assets } from '../ports/assets.ts';
import type { Caller } from './caller.ts';

/** Stores the pictures of an imported file as those of its document; a sentence for each that cannot be kept. */
export async function storePictures(
  pictures: readonly Uint8Array[],
  { assets, documentName, caller }: { assets: Assets; documentName: string; caller: Caller },
): Promise<string[]> {
  const warnings: string[] = [];
  for (const [at, bytes] of pictures.entries()) {
    try {
      await assets.store({
        documentName,
        open: async () => ({ fileName: `picture-${at + 1}`, bytes: once(bytes) }),
        author: caller.author,
        user: caller.identity.sub,
        stillAllowed: () => {},
      });
    } catch (error) {
      if (!(error instanceof InkwireError)) throw error;
      warnings.push(`Picture ${at + 1} of the file was not kept: ${error.message}`);
    }
  }
  return warnings;
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
