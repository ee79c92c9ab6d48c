import { createHash } from 'node:crypto';
import type { ContentNode, Warn } from '../../../document/content.ts';
import { assetPath } from '../../../protocol/assets.ts';

const MAX_PICTURES = 1000;

interface Taken {
  readonly content: ContentNode;
  readonly pictures: Uint8Array[];
}

/** Content whose pictures, where it holds them as data, are named as those of a document; their bytes are to be stored under their hash. */
export function takePictures(
  content: ContentNode,
  { documentName, maxBytes }: { readonly documentName: string; readonly maxBytes: number },
  warn: Warn,
): Taken {
  const pictures = new Map<string, Uint8Array>();
  const taken = (node: ContentNode): ContentNode => {
    const src = node.attrs?.src;
    const bytes = typeof src === 'string' ? dataOf(src) : null;
    if (bytes !== null && (bytes.length > maxBytes || pictures.size >= MAX_PICTURES)) {
      warn('A picture that is too large, or one too many, was replaced by its description.');
      return { type: node.type === 'image' ? 'paragraph' : 'text', ...wordsOf(node) };
    }
    const attrs = bytes === null ? {} : { attrs: { ...node.attrs, src: assetPath({ documentName, hash: hashOf(bytes, pictures) }) } };
    return { ...node, ...attrs, ...(node.content === undefined ? {} : { content: node.content.map(taken) }) };
  };
  return { content: taken(content), pictures: [...pictures.values()] };
}

function hashOf(bytes: Uint8Array, pictures: Map<string, Uint8Array>): string {
  const hash = createHash('sha256').update(bytes).digest('hex');
  // A buffer of its own: small ones share one, which cannot be handed to another thread.
  if (!pictures.has(hash)) pictures.set(hash, Uint8Array.from(bytes));
  return hash;
}

function wordsOf({ type, attrs }: ContentNode): Pick<ContentNode, 'content' | 'text'> {
  const words = String(attrs?.alt || 'Picture');
  return type === 'image' ? { content: [{ type: 'text', text: words }] } : { text: words };
}

function dataOf(src: string): Uint8Array | null {
  const base64 = /^data:image\/(?:png|jpe?g|gif|webp|avif);base64,([A-Za-z0-9+/=]+)$/i.exec(src)?.[1];
  return base64 === undefined ? null : Buffer.from(base64, 'base64');
}
