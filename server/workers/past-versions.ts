import type { EditMark, Span } from '../../document/edits/made-edits.ts';
import type { Change } from '../../document/edits/operations.ts';
import { Replay } from '../../document/updates/replay.ts';
import type { HistoryStore, Stretch } from '../../persistence/history-store.ts';
import type { PeopleStore } from '../../persistence/people-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { MadeEdit } from '../ports/conversions.ts';
import type { Asked, DifferenceOfVersions, PastState } from '../ports/history.ts';
import { inSharedMemory } from './shared-memory.ts';

/** What is kept of stretches that were read, bytes: who looks at one version looks at its neighbours. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

interface Kept extends Stretch {
  readonly replay: Replay;
}

/** The versions of documents, made of their history. */
export class PastVersions {
  readonly #store: HistoryStore;
  readonly #people: Pick<PeopleStore, 'shown'>;
  /** Those asked for last at the end. */
  #kept: Kept[] = [];

  constructor(store: HistoryStore, people: Pick<PeopleStore, 'shown'>) {
    this.#store = store;
    this.#people = people;
  }

  async past(documentName: string, asked: Asked): Promise<PastState> {
    const version = 'version' in asked ? asked.version : there(await this.#store.versionAt(documentName, asked.at), documentName);
    const stretch = await this.#stretch(documentName, version, 'version' in asked ? undefined : 'The document was not there then.');
    const { at, author } = stretch.updates[version - stretch.baseSeq - 1]!;
    return { version, at, author, state: inSharedMemory(stretch.replay.state(version - stretch.baseSeq)) };
  }

  /** Version 0 is the document before anything was written; without `blocks` its outermost blocks are not compared. */
  async difference(documentName: string, from: number, to: number, blocks: boolean): Promise<DifferenceOfVersions> {
    const { changesBetween, differenceOf, documentOf, outlineOf } = await import('./differences.ts');
    const state = async (version: number) => (version === 0 ? [] : [(await this.past(documentName, { version })).state]);
    const before = await state(from);
    let changes: readonly Change[] = [];
    if (blocks || from >= to) {
      const [was, is] = [outlineOf(documentOf(before)), outlineOf(documentOf(await state(to)))];
      if (blocks) changes = changesBetween(was, is);
      if (from >= to) return { from, to, title: { before: was.title, after: is.title }, changes, content: null, contributions: [] };
    }
    const updates = there(await this.#store.updates(documentName, from, to), documentName);
    if (updates.at(-1)?.seq !== to) throw new InkwireError('version-not-found', `The document has no version ${to}.`);
    const { content, contributions, title } = differenceOf(before[0] ?? null, updates, () => {});
    const authors = contributions.map(({ author }) => author).filter((author) => author !== null);
    const shown = await this.#people.shown([...new Set(authors)]);
    const time = (at: number) => new Date(at).toISOString();
    const told = contributions.map((one) => ({
      ...{ author: null, name: null, ...(one.author === null ? {} : (shown.get(one.author) ?? { author: one.author })) },
      ...{ firstAt: time(one.firstAt), lastAt: time(one.lastAt) },
      ...{ inserted: one.inserted, deleted: one.deleted, formatted: one.formatted },
    }));
    return { from, to, title, changes, content, contributions: told };
  }

  /** What takes back what was written in a span. */
  async undoSpan(documentName: string, span: Span, mark: EditMark): Promise<MadeEdit> {
    const base = span.from === 0 ? null : (await this.past(documentName, { version: span.from })).state;
    await this.past(documentName, { version: span.to });
    const log = there(await this.#store.updates(documentName, span.from, Number.MAX_SAFE_INTEGER), documentName);
    const { editDocument } = await import('./differences.ts');
    return editDocument({ span, log, base }, mark);
  }

  async #stretch(documentName: string, version: number, absent?: string): Promise<Kept> {
    const document = there(await this.#store.identity(documentName), documentName);
    const isAt = (one: Kept) =>
      one.documentId === document.documentId &&
      one.epoch === document.epoch &&
      version > one.baseSeq &&
      version <= one.baseSeq + one.updates.length;
    let stretch = this.#kept.find(isAt);
    if (stretch === undefined) {
      const read = there(await this.#store.stretch(documentName, version), documentName);
      if (read === 'no-version') throw new InkwireError('version-not-found', absent ?? `The document has no version ${version}.`);
      stretch = {
        ...read,
        replay: new Replay(
          read.base,
          read.updates.map(({ data }) => data),
        ),
      };
    }
    const is = stretch;
    this.#kept = [...this.#kept.filter((one) => one !== is && (one.documentId !== is.documentId || one.baseSeq !== is.baseSeq)), is];
    while (this.#kept.length > 1 && this.#kept.reduce((sum, { replay }) => sum + replay.bytes, 0) > MAX_KEPT_BYTES) this.#kept.shift();
    return is;
  }
}

function there<T>(answer: T | 'no-document', documentName: string): T {
  if (answer === 'no-document') throw new InkwireError('document-not-found', `There is no document named "${documentName}".`);
  return answer;
}
