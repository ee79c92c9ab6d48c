import type { VersionNameStore } from '../../persistence/version-name-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Documents } from '../ports/documents.ts';
import type { History } from '../ports/history.ts';
import { authorsOf, sessionsOf, versionAt } from './timeline.ts';

interface HistoryParts {
  readonly documents: Pick<Documents, 'log'>;
  readonly names: Pick<VersionNameStore, 'add' | 'list' | 'remove'>;
}

/** The history of documents, out of their logs: who wrote is what the server knew of them then, and nothing that a client says. */
export function createHistory({ documents, names }: HistoryParts): History {
  return {
    async sessions(documentName, { before = Number.POSITIVE_INFINITY, limit }) {
      const [log, named] = await Promise.all([documents.log(documentName), names.list(documentName)]);
      const sessions = sessionsOf(log).filter(({ version }) => version < before);
      const page = sessions.slice(-limit).reverse();
      const withNames = page.map((session) => ({
        ...session,
        names: named.filter(({ version }) => version >= session.from && version <= session.version),
      }));
      return { sessions: withNames, next: sessions.length > page.length ? page.at(-1)!.from : null };
    },
    authors: async (documentName) => authorsOf(await documents.log(documentName)),
    async nameVersion(documentName, named) {
      const made = await names.add(documentName, named);
      if (made === 'no-document') throw new InkwireError('document-not-found');
      if (made === 'no-version') throw new InkwireError('version-not-found');
      if (made === 'full')
        throw new InkwireError('bad-request', 'This document has all the named versions it may have. Take a name away first.');
      return made;
    },
    removeName: (documentName, id) => names.remove(documentName, id),
    async past(documentName, which) {
      const log = await documents.log(documentName, 'version' in which ? which.version : undefined);
      const version = 'version' in which ? which.version : versionAt(log, which.at);
      const last = log[version - 1];
      if (last === undefined || last.seq !== version) {
        const asked = 'version' in which ? `The document has no version ${version}.` : 'The document was not there then.';
        throw new InkwireError('version-not-found', asked);
      }
      return { version, at: last.at, author: last.author, updates: log.slice(0, version).map(({ data }) => data) };
    },
  };
}
