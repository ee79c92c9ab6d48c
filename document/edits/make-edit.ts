import * as Y from 'yjs';
import { conform } from '../conform.ts';
import type { Warn } from '../content.ts';
import { replaceContent } from '../live.ts';
import { readContent } from '../read.ts';
import { META_ROOT, readTitle, writeTitle } from '../title.ts';
import { documentOf } from '../updates/document-of.ts';
import { applyOperations } from './apply.ts';
import { changesBetween, outlineOf } from './changes.ts';
import { EDIT_KEY, type EditMark, type MadeEdit, type Span } from './made-edits.ts';
import type { Change, Operation } from './operations.ts';
import { undoEdit, undoUpdates } from './undo.ts';
import { type LogEntry, undoableIn } from './undo-span.ts';

/**
 * The edit to be made: operations on a state (updates of format V1), what takes an edit back, out of the whole log in its order, or what brings back
 * the content that another update makes up.
 */
export type EditTask =
  | { readonly restore: Uint8Array; readonly state: readonly Uint8Array[] }
  | { readonly operations: readonly Operation[]; readonly state: readonly Uint8Array[] }
  | { readonly undo: EditMark & { readonly author: string | null }; readonly state: readonly Uint8Array[] };

/** Some updates of a log, from its span on to its head, that are to be taken back, and the state before it (format V1; `null` when it is all there is). */
export interface UndoTask {
  readonly span: Span;
  readonly log: readonly LogEntry[];
  readonly base: Uint8Array | null;
}

/**
 * What an edit writes, under its client id, with its mark in the document's `meta`; `null` when it changes nothing. Throws `edit-refused`, and
 * `bad-content` for Markdown that cannot be read.
 */
export function makeEdit(
  task: EditTask | UndoTask,
  { id, clientId }: EditMark,
  warn: Warn,
): { update: Uint8Array | null; changes: Change[] } {
  const written: Uint8Array[] = [];
  const write = (document: Y.Doc, edit: () => void) => {
    const before = outlineOf(document);
    document.clientID = clientId;
    document.on('update', (update: Uint8Array) => written.push(update));
    edit();
    const changes = changesBetween(before, outlineOf(document));
    const takesBack = 'undo' in task ? { undoes: task.undo.id } : 'span' in task ? { span: task.span } : {};
    if (changes.length > 0) document.getMap(META_ROOT).set(EDIT_KEY, { id, ...takesBack } satisfies MadeEdit);
    return changes;
  };
  const changes =
    'undo' in task
      ? undoEdit(task.state, task.undo, write)
      : 'span' in task
        ? undoUpdates(task.base, undoableIn(task.span, task.log), write)
        : operate(task.state, write, (document) => {
            if ('restore' in task) restoreContent(document, documentOf([task.restore]), warn);
            else applyOperations(document, task.operations, warn);
          });
  return { update: changes.length === 0 ? null : Y.mergeUpdates(written), changes };
}

function operate<T>(state: readonly Uint8Array[], write: (document: Y.Doc, edit: () => void) => T, edit: (document: Y.Doc) => void): T {
  const document = documentOf(state);
  return write(document, () => document.transact(() => edit(document)));
}

/** The smallest edit that makes a document say what another says. */
function restoreContent(document: Y.Doc, version: Y.Doc, warn: Warn): void {
  replaceContent(document, conform(readContent(version, warn), warn));
  if (readTitle(version) !== readTitle(document)) writeTitle(document, readTitle(version));
}
