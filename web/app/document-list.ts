import { h } from '../dom.ts';
import type { MenuEntry } from '../menu.ts';
import { ApiError, type ListedDocument, type DocumentsPage as Loaded, listDocuments } from './api.ts';
import { documentRow, rowSkeletons } from './document-row.ts';

/** How often the list looks who is where, milliseconds. */
const REFRESH_MS = 15_000;
/** How long after the last letter a search asks the server, milliseconds. */
const TYPING_MS = 120;

export interface DocumentListOptions {
  readonly entriesOf: (document: ListedDocument) => MenuEntry[];
  /** What an empty list offers; `null` for those who may create nothing. */
  readonly create: (() => void) | null;
  /** The token is good no more; `why` is the code of the refusal. */
  readonly onSignedOut: (why: string) => void;
}

/** The documents that the server lists, those that a search finds, and what is said when there are none. */
export class DocumentList {
  readonly input = h('input', {
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search documents',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => void this.load(), TYPING_MS);
    },
  });
  readonly #found = h('p', { class: 'quiet', role: 'status' });
  readonly #list = h('ul', { class: 'document-list', 'aria-label': 'Documents' }, ...rowSkeletons(4));
  readonly #end = h('div', { class: 'list-end' });
  /** Below the search. */
  readonly parts = [this.#found, this.#list, this.#end];
  readonly #options: DocumentListOptions;
  readonly #left = new AbortController();
  readonly #refreshing = setInterval(() => {
    if (document.visibilityState === 'visible' && document.querySelector('[popover]') === null) void this.load();
  }, REFRESH_MS);
  #asking: AbortController | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #shown: Loaded | null = null;

  constructor(options: DocumentListOptions) {
    this.#options = options;
    void this.load();
  }

  /** The rows' links, from the top. */
  get links(): HTMLAnchorElement[] {
    return [...this.#list.querySelectorAll('a')];
  }

  /** What the row at a place of `links` is of. */
  at(place: number): ListedDocument | null {
    return this.#shown?.documents[place] ?? null;
  }

  placeOf(name: string): number {
    return this.links.findIndex((link) => link.dataset.name === name);
  }

  /** Asks the server for what the search finds; `more` appends the next page. A later call overtakes an earlier one. */
  async load(more = false): Promise<void> {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const search = this.input.value.trim();
    try {
      const cursor = more ? this.#shown?.next : null;
      const signal = AbortSignal.any([this.#asking.signal, this.#left.signal]);
      const page = await listDocuments({ search, ...(cursor ? { cursor } : {}) }, signal);
      const before = more ? (this.#shown?.documents ?? []) : [];
      this.#shown = { documents: [...before, ...page.documents], next: page.next };
      this.#show(this.#shown, search);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      if (error instanceof ApiError && error.status === 401) return this.#options.onSignedOut(error.code ?? '');
      if (this.#shown === null) this.#list.replaceChildren();
      this.#end.replaceChildren(problem(error, () => void this.load()));
    }
  }

  destroy(): void {
    this.#left.abort();
    clearTimeout(this.#typing);
    clearInterval(this.#refreshing);
  }

  #show({ documents, next }: Loaded, search: string): void {
    const focused = this.#list.querySelector<HTMLElement>('a:focus')?.dataset.name;
    const now = new Date();
    this.#list.replaceChildren(...documents.map((document) => documentRow(document, now, () => this.#options.entriesOf(document))));
    if (focused !== undefined) this.links[this.placeOf(focused)]?.focus();
    this.#found.textContent = search === '' ? '' : `${documents.length} found`;
    this.#end.replaceChildren(...this.#after(documents.length, next !== null, search));
  }

  #after(count: number, isMore: boolean, search: string): HTMLElement[] {
    if (count === 0) return [search === '' ? empty(this.#options.create) : nothingFound(search)];
    return isMore ? [h('button', { class: 'button', type: 'button', onclick: () => void this.load(true) }, 'Show more')] : [];
  }
}

/** `create` is `null` for those who may not. */
function empty(create: (() => void) | null): HTMLElement {
  if (create === null) return h('div', { class: 'empty' }, h('p', {}, 'Nothing is shared with you here yet.'));
  return h(
    'div',
    { class: 'empty' },
    h('p', {}, 'Nothing is written here yet. A document is saved while you type, and others can write in it with you.'),
    h('button', { type: 'button', class: 'button filled', onclick: create }, 'New document'),
  );
}

function nothingFound(search: string): HTMLElement {
  return h('div', { class: 'empty' }, h('p', {}, `No document has “${search}” in its title or name.`));
}

function problem(error: unknown, again: () => void): HTMLElement {
  const words = error instanceof ApiError ? error.message : 'The list could not be loaded.';
  return h(
    'div',
    { class: 'empty', role: 'alert' },
    h('p', {}, words),
    h('button', { type: 'button', class: 'button', onclick: again }, 'Try again'),
  );
}
