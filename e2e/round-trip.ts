import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContentNode } from '../document/content.ts';
import { fromMarkdown } from '../document/formats/from-markdown.ts';
import { parseMarkdown } from '../document/formats/markdown/parse.ts';
import { toMarkdown } from '../document/formats/to-markdown.ts';
import { toText } from '../document/text.ts';

interface MarkdownTree {
  readonly type: string;
  readonly value?: string;
  readonly alt?: string | null;
  readonly lang?: string | null;
  readonly children?: readonly MarkdownTree[];
}

const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** Every word that Markdown shows a reader, from the parser's own tree rather than from our reading of it. */
function shownWords(markdown: string): string[] {
  const found: string[] = [];
  const stack: MarkdownTree[] = [...(parseMarkdown(markdown.replace(/^\uFEFF/, '')).blocks as Iterable<MarkdownTree>)];
  while (stack.length > 0) {
    const node = stack.pop()!;
    // Known loss: definitions, whose labels and addresses nobody sees.
    if (node.type === 'definition') continue;
    // Known loss: tags, which become marks, images or line breaks; the text between them is counted where it stands.
    if (node.type === 'html') continue;
    // Known loss: the sign of an alert, which becomes the kind of its callout.
    const value = node.value?.replace(/^\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*?(?:\n|$)/i, '');
    for (const text of [value, node.alt]) if (text) found.push(...words(text));
    stack.push(...(node.children ?? []));
  }
  return found;
}

/** Counts, so that a word that occurs twice has to be there twice. */
function missing(wanted: readonly string[], there: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of there) counts.set(word, (counts.get(word) ?? 0) + 1);
  return wanted.filter((word) => {
    const left = counts.get(word) ?? 0;
    counts.set(word, left - 1);
    return left <= 0;
  });
}

/** `toText` joins what stands side by side; the texts apart are as the parser has them. */
function textsOf(content: ContentNode): string {
  if (content.type === 'text') return content.text ?? '';
  if (content.content) return content.content.map(textsOf).join(content.type === 'paragraph' || content.type === 'heading' ? '' : '\n');
  return ` ${toText(content)} `;
}

function roundTrip(markdown: string): void {
  const document = fromMarkdown(markdown).content;
  const there = words(textsOf(document));
  // Marks may cut a word in two ("*a*b"); then its letters are there in the same order.
  const lost = missing(shownWords(markdown), there).filter((word) => !there.some((candidate) => candidate.includes(word)));
  assert.deepEqual(lost, [], 'words are lost on the way in');
  const second = toMarkdown(document);
  const again = fromMarkdown(second).content;
  assert.deepEqual(missing(there, words(textsOf(again))), [], 'words are lost on the way out');
  const third = toMarkdown(again);
  // The same text gives the same document, so that what is the same the second time is so ever after.
  assert.equal(third, second, 'Markdown changes the second time');
}

/** Checks every example, and rejects with all that fail. Returns how many there were. */
export function roundTrips(examples: Iterable<[name: string, markdown: string]>): number {
  let count = 0;
  const failures: string[] = [];
  for (const [name, markdown] of examples) {
    count++;
    try {
      roundTrip(markdown);
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  assert.deepEqual(failures, []);
  return count;
}

/** Every README under node_modules of at most so many characters: what people write who have never heard of us. */
export function readmes(maxLength: number): [name: string, markdown: string][] {
  const root = join(import.meta.dirname, '..');
  const files = ['node_modules', 'e2e/node_modules'].flatMap((folder) =>
    globSync(`${folder}/**/{README,readme,Readme}*.md`, { cwd: root }),
  );
  const all = files.map((file): [string, string] => [file, readFileSync(join(root, file), 'utf8')]);
  return all.filter(([, markdown]) => markdown.length <= maxLength);
}
