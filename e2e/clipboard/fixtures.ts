import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ContentNode } from '../../document/content.ts';

/** What a program puts on the clipboard, and the document it is. */
export interface ClipboardFixture {
  /** The program, where it matters with its version, and what was copied. */
  readonly name: string;
  readonly html: string;
  readonly content: ContentNode;
}

const FOLDER = fileURLToPath(new URL('fixtures/', import.meta.url));

/** Every fixture, by name. */
export function clipboardFixtures(): ClipboardFixture[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.html'))
    .map((file) => file.slice(0, -'.html'.length))
    .map((name) => ({
      name,
      html: readFileSync(`${FOLDER}${name}.html`, 'utf8'),
      content: JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8')),
    }));
}
