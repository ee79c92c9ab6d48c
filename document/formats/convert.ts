import * as Y from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import { conform } from '../conform.ts';
import { type ContentNode, collectWarnings, type Warn } from '../content.ts';
import { readContent } from '../read.ts';
import { type FormatName, findFormat } from './format.ts';
import { fromJson } from './from-json.ts';
import { toText } from './to-text.ts';

export interface Exported {
  readonly body: Uint8Array;
  readonly warnings: string[];
}

export interface Imported {
  readonly content: ContentNode;
  readonly title: string | null;
  readonly warnings: string[];
}

type Export = (content: ContentNode, title: string, warn: Warn) => string;
type Import = (text: string, warn: Warn) => { content: ContentNode; title: string | null };

// Loaded when first used: remark and KaTeX take 150 ms and some 20 MB, which a server that only
// exports text never needs.
const EXPORTS: Readonly<Record<Exclude<FormatName, 'yjs'>, () => Promise<Export>>> = {
  json: async () => (content, _title, warn) => {
    // What the schema does not know stays in the file; its warnings say that a reader may not know it either.
    conform(content, warn);
    return `${JSON.stringify(content)}\n`;
  },
  text: async () => toText,
  markdown: async () => {
    const { toMarkdown } = await import('./to-markdown.ts');
    return (content, _title, warn) => toMarkdown(content, warn);
  },
  html: async () => (await import('./to-html.ts')).toHtmlPage,
};

const IMPORTS: Readonly<Partial<Record<FormatName, () => Promise<Import>>>> = {
  json: async () => (text, warn) => ({ content: fromJson(text, warn), title: null }),
  markdown: async () => (await import('./from-markdown.ts')).fromMarkdown,
};

/** A Yjs state (format V1) written in a format. Throws `unknown-format`, `bad-content`. */
export async function exportDocument(format: string, state: Uint8Array, title: string): Promise<Exported> {
  const name = findFormat(format)?.name;
  if (name === undefined) throw new InkwireError('unknown-format', `"${format}" is not a format.`);
  if (name === 'yjs') return { body: state, warnings: [] };
  const { warn, warnings } = collectWarnings();
  const write = await EXPORTS[name]();
  const document = new Y.Doc();
  Y.applyUpdate(document, state);
  const written = write(readContent(document, warn), title, warn);
  return { body: new TextEncoder().encode(written), warnings };
}

/** A file's bytes in a format as content of the schema. Throws `unknown-format`, `bad-content`. */
export async function importDocument(format: string, body: Uint8Array): Promise<Imported> {
  const name = findFormat(format)?.name;
  const load = name && IMPORTS[name];
  if (load === undefined) throw new InkwireError('unknown-format', `"${format}" cannot be imported.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new InkwireError('bad-content', 'The file is not UTF-8 text.');
  }
  const { warn, warnings } = collectWarnings();
  const read = await load();
  return { ...read(text, warn), warnings };
}
