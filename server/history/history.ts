import type { HistoryStore } from '../../persistence/history-store.ts';
import type { PeopleStore } from '../../persistence/people-store.ts';
import type { VersionNameStore } from '../../persistence/version-name-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { History, HistoryReader } from '../ports/history.ts';
import { authorsOf, sessionsOf } from './timeline.ts';

interface HistoryParts {
  readonly history: Pick<HistoryStore, 'activity' | 'edits'>;
  readonly versionNames: Pick<VersionNameStore, 'add' | 'list' | 'remove'>;
  readonly people: Pick<PeopleStore, 'shown' | 'forget' | 'find'>;
}

/** The history of documents, out of their logs: who wrote is what the server knew of them then, and nothing that a client says. */
export function createHistory(reader: HistoryReader, { history, versionNames, people }: HistoryParts): History {
  const activity = async (documentName: string) => {
    const periods = await history.activity(documentName);
    if (periods === 'no-document') throw new InkwireError('document-not-found', `There is no document named "${documentName}".`);
    return periods;
  };
  return {
    async sessions(documentName, { before = Number.POSITIVE_INFINITY, limit }) {
      const [periods, named, made] = await Promise.all([
        activity(documentName),
        versionNames.list(documentName),
        history.edits(documentName),
      ]);
      const edits = made === 'no-document' ? [] : made;
      const sessions = sessionsOf(periods).filter(({ version }) => version < before);
      const page = sessions.slice(-limit).reverse();
      const withNames = page.map((session) => ({
        ...session,
        names: named.filter(({ version }) => isIn(session, version)),
        edits: edits.filter(({ version }) => isIn(session, version)),
      }));
      return { sessions: withNames, next: sessions.length > page.length ? page.at(-1)!.from : null };
    },
    authors: async (documentName) => authorsOf(await activity(documentName)),
    async nameVersion(documentName, named) {
      const made = await versionNames.add(documentName, named);
      if (made === 'no-document') throw new InkwireError('document-not-found');
      if (made === 'no-version') throw new InkwireError('version-not-found');
      if (made === 'full')
        throw new InkwireError('bad-request', 'This document has all the named versions it may have. Take a name away first.');
      return made;
    },
    removeName: (documentName, id) => versionNames.remove(documentName, id),
    async shownAuthors(subs) {
      const known = await people.shown([...new Set(subs.filter((sub) => sub !== null))]);
      return (sub) => (sub === null ? null : known.get(sub)) ?? { author: sub, name: null };
    },
    forgetPerson: (sub) => people.forget(sub),
    past: reader.past,
    difference: reader.difference,
    async undoSpan(documentName, { author, ...span }, mark, asker) {
      const whose = typeof author === 'string' ? ((await people.find(author)) ?? author) : author;
      return reader.undoSpan(documentName, { ...span, ...(whose === undefined ? {} : { author: whose }) }, mark, asker);
    },
  };
}

function isIn({ from, version: last }: { readonly from: number; readonly version: number }, version: number): boolean {
  return version >= from && version <= last;
}
