import type { ContentNode } from '../content.ts';

/** Plain text as content of the schema: each line is a paragraph, as `toText` writes one, and a line end at its end is none more. */
export function fromText(text: string): ContentNode {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n$/, '')
    .split('\n');
  return {
    type: 'doc',
    content: lines.map((line) => ({ type: 'paragraph', ...(line === '' ? {} : { content: [{ type: 'text', text: line }] }) })),
  };
}
