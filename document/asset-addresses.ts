import { assetPath, readAssetAddress } from '../protocol/assets.ts';
import type { ContentMark, ContentNode } from './content.ts';

/** How a file names the pictures and files of its document. */
export interface AssetAddresses {
  /** What their paths are put behind, such as `https://docs.example.com`; '' leaves them as the document has them. */
  readonly server: string;
  /** Pictures are data instead: `data:image/png;base64,` with this and the hash, to be replaced by the type and the bytes. Base64 letters. */
  readonly placeholder?: string | undefined;
  /** Whose pictures; those of other documents stay links. */
  readonly documentName: string;
}

/** What a picture that is to be data is written as; see `AssetAddresses.placeholder`. */
export function dataPlaceholder(placeholder: string, hash: string): string {
  return `data:image/png;base64,${placeholder}${hash}`;
}

/** Content whose images and links name pictures and files in this way. What it does not change it shares. */
export function withAssetAddresses(content: ContentNode, addresses: AssetAddresses): ContentNode {
  if (addresses.server === '' && addresses.placeholder === undefined) return content;
  return readdressed(content, addresses);
}

function readdressed(node: ContentNode, addresses: AssetAddresses): ContentNode {
  const { src, href } = node.attrs ?? {};
  const changed: Record<string, unknown> = {};
  if (typeof src === 'string') changed.src = pictureAddress(src, addresses);
  if (typeof href === 'string') changed.href = linkAddress(href, addresses);
  const isSame = (changed.src ?? src) === src && (changed.href ?? href) === href;
  return {
    ...node,
    ...(isSame ? {} : { attrs: { ...node.attrs, ...changed } }),
    ...(node.marks === undefined ? {} : { marks: node.marks.map((mark) => readdressedMark(mark, addresses)) }),
    ...(node.content === undefined ? {} : { content: node.content.map((child) => readdressed(child, addresses)) }),
  };
}

function readdressedMark(mark: ContentMark, addresses: AssetAddresses): ContentMark {
  const href = mark.attrs?.href;
  return typeof href === 'string' ? { ...mark, attrs: { ...mark.attrs, href: linkAddress(href, addresses) } } : mark;
}

function pictureAddress(src: string, addresses: AssetAddresses): string {
  const asset = readAssetAddress(src);
  if (asset === null || asset.server !== '') return src;
  const isOwn = asset.documentName === addresses.documentName;
  return isOwn && addresses.placeholder !== undefined
    ? dataPlaceholder(addresses.placeholder, asset.hash)
    : addresses.server + assetPath(asset);
}

function linkAddress(href: string, { server }: AssetAddresses): string {
  const asset = readAssetAddress(href);
  return asset === null || asset.server !== '' ? href : server + assetPath(asset);
}
