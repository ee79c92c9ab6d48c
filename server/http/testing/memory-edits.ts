import { randomUUID } from 'node:crypto';
import { applyOperations } from '../../../document/edits/apply.ts';
import { InkwireError } from '../../../protocol/errors.ts';
import type { Documents } from '../../ports/documents.ts';
import type { EditRequest, Edits } from '../../ports/edits.ts';

/** Edits of documents in memory, which are not noted: none can be taken back. */
export function memoryEdits(documents: Documents): Edits {
  const make = async ({ documentName, what, author, expectedVersion, stillAllowed }: EditRequest) => {
    if ('undo' in what || 'restore' in what || 'undoSpan' in what) throw new InkwireError('edit-not-found');
    await documents.state(documentName);
    stillAllowed();
    const { version } = await documents.edit(
      documentName,
      author,
      (document) => applyOperations(document, what, () => {}),
      expectedVersion,
    );
    return { id: randomUUID(), version, changes: [], warnings: [] };
  };
  return { make, preview: make, noteImport: async () => {} };
}
