import { createHash } from 'node:crypto';
import type { AssetStore, AssetUpload, DocumentAsset } from '../../persistence/assets/asset-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Assets, IncomingFile, NewAsset } from '../ports/assets.ts';
import { cleanFileName } from './file-name.ts';
import { SNIFFED_BYTES, sniffType } from './media-type.ts';
import { type TurnLimits, UploadTurns } from './upload-turns.ts';

/** At 256 KiB an upload, 64 MiB of memory in all. */
const TURNS: TurnLimits = { atOnce: 256, atOncePerUser: 8, waiting: 4_000 };

interface AssetLimits {
  /** The largest file, bytes. */
  readonly maxAssetBytes: number;
  /** Most bytes of all pictures and files of one document. */
  readonly maxDocumentAssetBytes: number;
}

/** A file whose bytes have all come. */
interface Received {
  readonly hash: string;
  readonly size: number;
  readonly mediaType: string;
}

/** Pictures and files in a store: sniffed, measured and hashed while they stream in. `onStored` after each. */
export function createAssets(
  store: Pick<AssetStore, 'begin' | 'find' | 'read'>,
  { maxAssetBytes, maxDocumentAssetBytes }: AssetLimits,
  onStored: () => void = () => {},
): Assets {
  const turns = new UploadTurns(TURNS);
  return {
    maxBytes: maxAssetBytes,
    find: (documentName, hash) => store.find(documentName, hash),
    read: (hash, from, to) => store.read(hash, from, to),
    async store({ documentName, open, author, user, stillAllowed }: NewAsset): Promise<DocumentAsset> {
      const endTurn = await turns.take(user);
      const upload = store.begin();
      try {
        const file = await open();
        const received = await receive(file, upload, maxAssetBytes);
        stillAllowed();
        const asset = { documentName, ...received, fileName: cleanFileName(file.fileName, 'file') };
        const result = await upload.finish({ ...asset, author, maxDocumentBytes: maxDocumentAssetBytes });
        if (result === 'deleted') throw new InkwireError('document-deleted');
        if (result === 'lost') throw new InkwireError('overloaded', 'The upload took too long. Try it again.');
        if (result === 'full') {
          throw new InkwireError(
            'document-too-large',
            `The pictures and files of a document may have ${maxDocumentAssetBytes} bytes in all.`,
          );
        }
        onStored();
        return asset;
      } finally {
        await upload.abandon();
        endTurn();
      }
    },
  };
}

/** Writes a file into an upload. Throws as soon as it is too large, or its beginning says that it is not taken. */
async function receive({ bytes }: IncomingFile, upload: AssetUpload, maxBytes: number): Promise<Received> {
  const hash = createHash('sha256');
  let head: Uint8Array = new Uint8Array();
  let mediaType: string | null = null;
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > maxBytes) throw new InkwireError('body-too-large', `The most is ${maxBytes} bytes.`);
    if (head.length < SNIFFED_BYTES) head = Buffer.concat([head, piece.subarray(0, SNIFFED_BYTES - head.length)]);
    if (mediaType === null && head.length >= SNIFFED_BYTES) mediaType = await acceptedType(head);
    hash.update(piece);
    await upload.write(piece);
  }
  if (size === 0) throw new InkwireError('bad-request', 'The file is empty.');
  return { hash: hash.digest('hex'), size, mediaType: mediaType ?? (await acceptedType(head)) };
}

async function acceptedType(head: Uint8Array): Promise<string> {
  const sniffed = await sniffType(head);
  if ('refused' in sniffed) throw new InkwireError('unsupported-media-type', sniffed.refused);
  return sniffed.mediaType;
}
