import { createHash, randomInt, randomUUID } from 'node:crypto';
import * as Y from 'yjs';
import type { EditMark } from '../../document/edits/made-edits.ts';
import type { EditTask } from '../../document/edits/make-edit.ts';
import type { EditKind, EditStore, KnownEdit } from '../../persistence/edit-store.ts';
import { type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import type { Conversions, MadeEdit } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import type { EditAnswer, EditRequest, Edits } from '../ports/edits.ts';
import type { History } from '../ports/history.ts';

export interface EditsParts {
  readonly documents: Pick<Documents, 'rewrite' | 'state' | 'log'>;
  readonly conversions: Pick<Conversions, 'makeEdit'>;
  readonly history: Pick<History, 'past' | 'undoSpan'>;
  readonly store: EditStore;
}

/** After these an edit may be committed yet: it stays noted, so that its key does not make it twice. */
const MAY_BE_MADE: ReadonlySet<ErrorCode> = new Set(['database-unavailable', 'shutting-down', 'internal']);

/** Client ids of Yjs are 32 bits. */
const newClientId = () => randomInt(1, 2 ** 32);

/**
 * Edits over HTTP. Each is one update in the log, under a client id of its own, which is noted before it is made: so the log itself says whether an
 * edit whose answer was lost had been committed, and which update is to be taken back.
 */
export function createEdits({ documents, conversions, history, store }: EditsParts): Edits {
  const makeOf = async ({ documentName, what, asker }: EditRequest, state: readonly Uint8Array[], mark: EditMark): Promise<MadeEdit> => {
    if ('undoSpan' in what) return history.undoSpan(documentName, what.undoSpan, mark, asker);
    const makeEdit = (task: EditTask) => conversions.makeEdit(task, mark, asker);
    if ('restore' in what) return makeEdit({ restore: (await history.past(documentName, { version: what.restore }, asker)).state, state });
    if (!('undo' in what)) return makeEdit({ operations: what, state });
    const made = await store.find(documentName, what.undo);
    if (made === null) throw new InkwireError('edit-not-found');
    return makeEdit({ undo: { id: what.undo, ...made }, state: (await documents.log(documentName)).map(({ data }) => data) });
  };

  const write = async (request: EditRequest, id: string, clientId: number): Promise<EditAnswer> => {
    const { documentName, author, expectedVersion, stillAllowed, sub, name } = request;
    let made: MadeEdit | null = null;
    const { version } = await documents.rewrite(
      documentName,
      author,
      async (state) => {
        made = await makeOf(request, state, { id, clientId });
        stillAllowed();
        return made;
      },
      expectedVersion,
      { sub, name },
    );
    const { update, changes, warnings } = made as unknown as MadeEdit;
    return { id: update === null ? null : id, version, changes, warnings };
  };

  /** Makes an edit that is noted, and notes what was answered. One that is not made is forgotten: its key may be used again. */
  const noted = async (request: EditRequest, id: string, clientId: number): Promise<EditAnswer> => {
    let answer: EditAnswer;
    try {
      answer = await write(request, id, clientId);
    } catch (error) {
      if (error instanceof InkwireError && !MAY_BE_MADE.has(error.code)) await store.drop(id).catch(() => {});
      throw error;
    }
    if (answer.id === null && request.key === undefined) await store.drop(id).catch(() => {});
    else await store.finish(id, answer, answer.id === null ? null : answer.version);
    return answer;
  };

  const again = async (request: EditRequest, known: KnownEdit): Promise<EditAnswer> => {
    if (!known.isSameRequest) throw new InkwireError('key-reused');
    if (known.answer !== null) return known.answer as EditAnswer;
    if (known.isUnderWay) throw new InkwireError('edit-in-progress');
    const { updates, version } = await documents.state(request.documentName);
    if (updates.some((update) => Y.parseUpdateMeta(new Uint8Array(update)).to.has(known.clientId))) {
      const warning = 'The edit was made, and the server ended before it answered: what has changed is not known any more.';
      const answer: EditAnswer = { id: known.id, version, changes: [], warnings: [warning] };
      await store.finish(known.id, answer, version);
      return answer;
    }
    const clientId = newClientId();
    if (!(await store.takeOver(known, clientId))) throw new InkwireError('edit-in-progress');
    return noted(request, known.id, clientId);
  };

  return {
    async make(request) {
      const { documentName, what, author, sub, key } = request;
      const [id, clientId] = [randomUUID(), newClientId()];
      const keyHash = key === undefined ? null : sha256(JSON.stringify([sub, key]));
      const begun = await store.begin({
        id,
        documentName,
        clientId,
        author,
        kind: kindOf(what),
        keyHash,
        requestHash: sha256(JSON.stringify(what)),
      });
      if (begun === 'no-document') throw new InkwireError('document-not-found');
      return begun === 'begun' ? noted(request, id, clientId) : again(request, begun);
    },
    async noteImport({ documentName, author, clientId }, version) {
      await store.add({ id: randomUUID(), documentName, clientId, author, kind: 'import' }, version);
    },
    async preview(request) {
      const { updates, version } = await documents.state(request.documentName);
      const mark = { id: '', clientId: newClientId() };
      const { changes, warnings } = await makeOf(request, updates, mark);
      return { id: null, version, changes, warnings };
    },
  };
}

function kindOf(what: EditRequest['what']): EditKind {
  if ('restore' in what) return 'restore';
  return 'undo' in what || 'undoSpan' in what ? 'undo' : 'script';
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
