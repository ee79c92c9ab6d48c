import { writeInitialContent, writeTitle } from '../../document/live.ts';
import type { DocumentStore } from '../../persistence/document-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Documents } from './documents.ts';

/** The document that a fresh server starts with. */
const WELCOME = 'welcome';

/** The first start of an empty database gets a document that explains the product by example. */
export async function seedWelcome(documents: Documents, store: DocumentStore): Promise<void> {
  if ((await store.count()) > 0) return;
  try {
    await store.load(WELCOME);
    // Loaded on this one start: the Markdown parser takes a fifth of a second.
    const { welcome } = await import('../../document/formats/welcome.ts');
    await documents.create(WELCOME, 'Inkwire', (document) => {
      writeTitle(document, welcome.title);
      writeInitialContent(document, welcome.content);
    });
  } catch (error) {
    // Another process was first, or somebody deleted it: their word counts.
    if (!(error instanceof InkwireError)) throw error;
  }
}
