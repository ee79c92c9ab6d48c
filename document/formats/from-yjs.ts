import * as Y from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import { conform } from '../conform.ts';
import type { ContentNode, Warn } from '../content.ts';
import { readContent } from '../read.ts';
import { foreignRoots } from '../roots.ts';
import { readTitle } from '../title.ts';

/**
 * What a Yjs update (format V1) of a whole document says, as content of the schema: its text and title, not its past. Throws `bad-content` for what is no
 * update, or lacks others that it goes on from.
 */
export function fromYjs(update: Uint8Array, warn: Warn): { content: ContentNode; title: string | null } {
  const document = new Y.Doc();
  try {
    Y.applyUpdate(document, update);
  } catch (cause) {
    throw new InkwireError('bad-content', 'The file is no Yjs update.', { cause });
  }
  if (document.store.pendingStructs !== null || document.store.pendingDs !== null) {
    throw new InkwireError(
      'bad-content',
      'The Yjs update goes on from others that it does not hold. Send the state of the whole document.',
    );
  }
  for (const { name } of foreignRoots(document)) warn(`The root "${name}", which is not our editor's, was left out.`);
  return { content: conform(readContent(document, warn), warn), title: readTitle(document) || null };
}
