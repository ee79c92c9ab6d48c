import { InkwireError } from '../../protocol/errors.ts';
import type { Documents } from '../ports/documents.ts';
import type { History } from '../ports/history.ts';
import { authorsOf, sessionsOf, versionAt } from './timeline.ts';

/** The history of documents, out of their logs: who wrote is what the server knew of them then, and nothing that a client says. */
export function createHistory({ documents }: { readonly documents: Pick<Documents, 'log'> }): History {
  return {
    async sessions(documentName, { before = Number.POSITIVE_INFINITY, limit }) {
      const sessions = sessionsOf(await documents.log(documentName)).filter(({ version }) => version < before);
      const page = sessions.slice(-limit).reverse();
      return { sessions: page, next: sessions.length > page.length ? page.at(-1)!.from : null };
    },
    authors: async (documentName) => authorsOf(await documents.log(documentName)),
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
