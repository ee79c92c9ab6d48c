import { listBlocks } from '../../../document/blocks.ts';
import { collectWarnings } from '../../../document/content.ts';
import { changesBetween, markdownOf, outlineOf } from '../../../document/edits/changes.ts';
import type { EditMark } from '../../../document/edits/made-edits.ts';
import { type EditTask, makeEdit, type UndoTask } from '../../../document/edits/make-edit.ts';
import type { Change } from '../../../document/edits/operations.ts';
import { readTitle } from '../../../document/title.ts';
import { documentOf } from '../../../document/updates/document-of.ts';
import type { MadeEdit, ReadBlocks } from '../../ports/conversions.ts';
import { withinTheStack } from './convert.ts';

/** What an edit writes. Throws `edit-refused`, `bad-content`, `content-too-complex`. */
export function editDocument(task: EditTask | UndoTask, mark: EditMark): Promise<MadeEdit> {
  const { warn, warnings } = collectWarnings();
  return withinTheStack(() => ({ ...makeEdit(task, mark, warn), clientId: mark.clientId, warnings }));
}

/** A document as blocks. */
export function readBlocks(state: readonly Uint8Array[]): Promise<ReadBlocks> {
  return withinTheStack(() => {
    const document = documentOf(state);
    const outermost = outlineOf(document).blocks;
    const blocks = listBlocks(document).map((block) => {
      const content = outermost.get(block.id);
      return content === undefined ? block : { ...block, markdown: markdownOf(content) };
    });
    return { title: readTitle(document), blocks };
  });
}

/** What has changed in the outermost blocks from one state to another. */
export function difference(before: readonly Uint8Array[], after: readonly Uint8Array[]): Promise<{ changes: Change[] }> {
  return withinTheStack(() => ({ changes: changesBetween(outlineOf(documentOf(before)), outlineOf(documentOf(after))) }));
}
