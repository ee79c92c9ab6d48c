import { type EditStore, openEditStore } from '../persistence/edit-store.ts';
import { type HistoryStore, openHistoryStore } from '../persistence/history-store.ts';
import { openPeopleStore, type PeopleStore } from '../persistence/people-store.ts';
import { openVersionNameStore, type VersionNameStore } from '../persistence/version-name-store.ts';

/** What is kept beside documents, each with connections of its own. */
export interface Stores {
  readonly edits: EditStore;
  readonly history: HistoryStore;
  readonly versionNames: VersionNameStore;
  readonly people: PeopleStore;
  close(): Promise<unknown>;
}

/** Opens the stores of a database whose schema is up to date. */
export function openStores(url: string): Stores {
  const stores = {
    edits: openEditStore(url),
    history: openHistoryStore(url),
    versionNames: openVersionNameStore(url),
    people: openPeopleStore(url),
  };
  return { ...stores, close: () => Promise.all(Object.values(stores).map((store) => store.close())) };
}
