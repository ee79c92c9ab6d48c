import { InkwireError } from '../../protocol/errors.ts';
import { editsMadeBy, isTakenBack, isWithin, type MadeEdit, type Span } from './made-edits.ts';
import type { Undoable } from './undo.ts';

/** An update (format V1) of a log. */
export interface LogEntry {
  readonly seq: number;
  readonly author: string | null;
  readonly data: Uint8Array;
}

/**
 * Which updates of a log, from a span on to its head, are to be taken back: those of the span but what is taken back already, which would come
 * twice. Throws `edit-refused` where nothing is left, or where something of it was put in again by an edit that took back the taking back.
 */
export function undoableIn(span: Span, log: readonly LogEntry[]): Undoable[] {
  const marks = log.map(({ data }) => editsMadeBy(data));
  const edits = marks.flat();
  const since = marks.flatMap((made, at) => (log[at]!.seq > span.to ? made : []));
  const undoables = log.map((entry, at): Undoable => ({ data: entry.data, isUndone: isWithin(span, entry) && !isDone(entry, marks[at]!) }));
  if (undoables.some(({ isUndone }) => isUndone)) return undoables;
  const wrote = log.some((entry) => isWithin(span, entry));
  throw new InkwireError('edit-refused', wrote ? 'All of it is taken back already.' : 'They wrote nothing between these versions.');

  function isDone(entry: LogEntry, own: readonly MadeEdit[]): boolean {
    const by = since.filter(({ undoes, span: taken }) =>
      taken === undefined ? own.some(({ id }) => id === undoes) : isWithin(taken, entry),
    );
    const again = by.find(({ id }) => isTakenBack(id, edits));
    if (again === undefined) return by.length > 0;
    const put = edits.find(({ undoes }) => undoes === again.id)!;
    throw new InkwireError(
      'edit-refused',
      `Update ${entry.seq} was taken back and put in again. Take back the edit that did: POST …/edits/${put.id}/undo.`,
    );
  }
}
