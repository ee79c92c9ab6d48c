import { randomUUID } from 'node:crypto';
import { InkwireError } from '../../../protocol/errors.ts';
import type { Documents } from '../../ports/documents.ts';
import type { History } from '../../ports/history.ts';

/** History of documents in memory, which is nothing but their last version. */
export function memoryHistory(documents: Documents): History {
  return {
    async sessions(name) {
      const { seq, at, author } = (await documents.log(name))[0]!;
      return {
        sessions: [{ from: 1, version: seq, startedAt: at, endedAt: at, authors: [{ author, edits: seq }], names: [], edits: [] }],
        next: null,
      };
    },
    authors: async (name) => (await documents.log(name)).map(({ author, at, seq }) => ({ author, edits: seq, firstAt: at, lastAt: at })),
    nameVersion: async (name, { version, name: said, by }) => {
      const seq = (await documents.log(name)).at(-1)?.seq ?? 0;
      return { id: randomUUID(), version: version ?? seq, name: said, namedBy: by, namedAt: 0 };
    },
    removeName: async () => false,
    undoSpan: async () => {
      throw new InkwireError('edit-refused');
    },
    shownAuthors: async () => (author) => ({ author, name: null }),
    forgetPerson: async () => ({ author: 'person-1', name: 'Person 1' }),
    async past(name, which) {
      const log = await documents.log(name);
      const { seq, at, author } = log[0]!;
      if ('version' in which && which.version !== seq) throw new InkwireError('version-not-found');
      return { version: seq, at, author, state: log[0]!.data };
    },
    difference: async (_name, { from, to }) =>
      new TextEncoder().encode(
        JSON.stringify({ from, to, title: { before: '', after: '' }, changes: [], content: null, contributions: [] }),
      ),
  };
}
