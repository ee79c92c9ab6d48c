/** The types of pictures that browsers show in the page. Any other type is a file, which is only ever downloaded. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'] as const;

export function isPictureType(mediaType: string): boolean {
  return PICTURE_TYPES.includes(mediaType as (typeof PICTURE_TYPES)[number]);
}

/** Which picture or file of which document: what a document says of it, and its address in the API. */
export interface AssetAddress {
  readonly documentName: string;
  /** SHA-256 of its bytes, 64 digits of lower-case hex. */
  readonly hash: string;
}

export function isAssetHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** The path under which a document names a picture or file of its own, and under which the server has it. */
export function assetPath({ documentName, hash }: AssetAddress): string {
  return `/api/documents/${encodeURIComponent(documentName)}/assets/${hash}`;
}

const PATH = /^(.*?)\/api\/documents\/([^/?#]+)\/assets\/([0-9a-f]{64})(?:[?#].*)?$/s;

/**
 * The picture or file that an address names, and what stands before its path: '' in a document, a server's address
 * in a link that was copied. `null` for any other address.
 */
export function readAssetAddress(address: string): (AssetAddress & { readonly server: string }) | null {
  const [, server = '', name = '', hash = ''] = PATH.exec(address) ?? [];
  if (hash === '') return null;
  try {
    return { server, documentName: decodeURIComponent(name), hash };
  } catch {
    return null;
  }
}
