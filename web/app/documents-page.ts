import { documentPath } from '../../protocol/document-name.ts';
import { may } from '../../protocol/permissions.ts';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { openMenu } from '../menu.ts';
import { moved, moveOf } from '../roving.ts';
import { ApiError, createDocument, type DocumentsPage, deleteDocument, type ListedDocument, listDocuments } from './api.ts';
import { confirmDelete } from './dialogs.ts';
import { displayTitle } from './display-title.ts';
import { documentRow, rowSkeletons } from './document-row.ts';
import { download } from './download.ts';
import type { Entry } from './entry.ts';
import { showFavicon } from './favicon.ts';
import { footer } from './footer.ts';
import type { Page } from './page.ts';
import { applyTheme, currentTheme, THEMES } from './theme.ts';
import { toast } from './toast.ts';
import { wordmark } from './wordmark.ts';

/** How often the list looks who is where, milliseconds. */
const REFRESH_MS = 15_000;
/** How long after the last letter a search asks the server, milliseconds. */
const TYPING_MS = 120;

export interface DocumentsPageOptions {
  readonly entry: Entry;
  /** The token is good no more, or was given back; `why` is the code of the refusal. */
  readonly onSignedOut: (why: string) => void;
}

/** The list of documents: found, opened, created and deleted with the keyboard alone. */
export function documentsPage({ entry, onSignedOut }: DocumentsPageOptions): Page {
  return (place, navigate) => {
    document.title = 'Documents · Inkwire';
    void showFavicon(null);
    const left = new AbortController();
    let asking: AbortController | null = null;
    let typing: ReturnType<typeof setTimeout> | undefined;
    let shown: DocumentsPage | null = null;
    const mayCreate = mayCreateSomewhere(entry);

    const list = h('ul', { class: 'document-list', 'aria-label': 'Documents' });
    const end = h('div', { class: 'list-end' });
    const found = h('p', { class: 'quiet', role: 'status' });
    const input = h('input', {
      type: 'search',
      placeholder: 'Search',
      'aria-label': 'Search documents',
      'aria-keyshortcuts': '/',
      autocomplete: 'off',
      spellcheck: 'false',
      oninput: () => {
        clearTimeout(typing);
        typing = setTimeout(() => void load(), TYPING_MS);
      },
    });

    const load = async (more = false) => {
      asking?.abort();
      asking = new AbortController();
      const search = input.value.trim();
      try {
        const cursor = more ? shown?.next : null;
        const page = await listDocuments({ search, ...(cursor ? { cursor } : {}) }, AbortSignal.any([asking.signal, left.signal]));
        shown = more && shown !== null ? { documents: [...shown.documents, ...page.documents], next: page.next } : page;
        show(shown, search);
      } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') return;
        if (error instanceof ApiError && error.status === 401) return onSignedOut(error.code ?? '');
        if (shown === null) list.replaceChildren();
        end.replaceChildren(problem(error, () => void load()));
      }
    };

    const show = ({ documents, next }: DocumentsPage, search: string) => {
      const focused = list.querySelector<HTMLElement>('a:focus')?.dataset.name;
      const now = new Date();
      list.replaceChildren(...documents.map((document) => documentRow(document, now, (anchor) => rowMenu(document, anchor))));
      if (focused !== undefined) rowOf(focused)?.focus();
      found.textContent = search === '' ? '' : `${documents.length} found`;
      if (documents.length === 0) end.replaceChildren(search === '' ? empty(mayCreate ? create : null) : nothingFound(search));
      else
        end.replaceChildren(
          ...(next === null ? [] : [h('button', { class: 'button', type: 'button', onclick: () => void load(true) }, 'Show more')]),
        );
    };

    const rowOf = (name: string) => [...list.querySelectorAll<HTMLElement>('a')].find((link) => link.dataset.name === name);

    const create = async () => {
      try {
        navigate(documentPath((await createDocument()).name));
      } catch (error) {
        toast(error instanceof ApiError ? error.message : 'The document could not be created.');
      }
    };

    const remove = async (document: ListedDocument) => {
      const title = displayTitle(document.title, document.name) ?? 'Untitled';
      if (!(await confirmDelete(title))) return rowOf(document.name)?.focus();
      try {
        const at = [...list.querySelectorAll('a')].findIndex((link) => link.dataset.name === document.name);
        await deleteDocument(document.name);
        toast(`Deleted “${title}”`);
        await load();
        const links = list.querySelectorAll('a');
        (links[Math.min(at, links.length - 1)] ?? input).focus();
      } catch (error) {
        toast(error instanceof ApiError ? error.message : 'The document could not be deleted.');
      }
    };

    const rowMenu = (document: ListedDocument, anchor: HTMLElement) =>
      openMenu({
        root: globalThis.document.body,
        anchor,
        label: 'Document',
        align: 'end',
        entries: [
          { label: 'Download as Markdown', icon: 'download', run: () => void download(document.name, 'markdown') },
          ...(may(document.role, 'document.delete')
            ? ['line' as const, { label: 'Delete…', icon: 'trash' as const, danger: true, run: () => void remove(document) }]
            : []),
        ],
      });

    const themeButton = h(
      'button',
      {
        type: 'button',
        class: 'button icon-only quiet-button',
        'aria-label': 'Settings',
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
        onclick: () =>
          openMenu({
            root: document.body,
            anchor: themeButton,
            label: 'Settings',
            align: 'end',
            entries: [
              { group: 'Appearance' },
              ...THEMES.map(([theme, label]) => ({ label, checked: theme === currentTheme(), run: () => applyTheme(theme) })),
              ...(entry.kind === 'account'
                ? ['line' as const, { label: 'Sign out', icon: 'leave' as const, run: () => onSignedOut('sign-in-required') }]
                : []),
            ],
          }),
      },
      icon('more'),
    );

    place.append(
      h(
        'div',
        { class: 'documents' },
        h('header', { class: 'masthead' }, wordmark(), themeButton),
        h(
          'main',
          {},
          h(
            'div',
            { class: 'documents-head' },
            h('h1', {}, 'Documents'),
            mayCreate &&
              h(
                'button',
                {
                  type: 'button',
                  class: 'button filled',
                  title: 'New document (n)',
                  'aria-keyshortcuts': 'n',
                  onclick: () => void create(),
                },
                icon('plus'),
                'New document',
              ),
          ),
          h('label', { class: 'search' }, icon('search'), input, h('kbd', { 'aria-hidden': 'true' }, '/')),
          found,
          list,
          end,
        ),
        footer(entry),
      ),
    );
    list.append(...rowSkeletons(4));
    void load();

    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open], [popover]') !== null) return;
      const links = [...list.querySelectorAll<HTMLAnchorElement>('a')];
      const at = links.indexOf(document.activeElement as HTMLAnchorElement);
      const inInput = document.activeElement === input;
      const act = (what: () => void) => {
        event.preventDefault();
        what();
      };
      if (event.key === '/' && !inInput) act(() => input.select());
      else if (event.key === 'n' && !inInput && mayCreate) act(() => void create());
      else if (event.key === 'Delete' && at >= 0 && may(shown!.documents[at]!.role, 'document.delete'))
        act(() => void remove(shown!.documents[at]!));
      else if (event.key === 'Escape' && inInput) {
        input.value = '';
        act(() => void load());
      } else if (event.key === 'Enter' && inInput) act(() => links[0]?.click());
      else if (event.key === 'ArrowUp' && at === 0) act(() => input.focus());
      else {
        const move = inInput && event.key !== 'ArrowDown' ? null : moveOf(event.key, 'vertical', false);
        if (move !== null && links.length > 0) act(() => links[at === -1 ? 0 : moved(at, links.length, move)]?.focus());
      }
    };
    document.addEventListener('keydown', onKey);
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && document.querySelector('[popover]') === null) void load();
    }, REFRESH_MS);

    return () => {
      left.abort();
      clearTimeout(typing);
      clearInterval(timer);
      document.removeEventListener('keydown', onKey);
    };
  };
}

function mayCreateSomewhere(entry: Entry): boolean {
  if (entry.kind === 'open') return true;
  return entry.kind === 'account' && Object.values(entry.account.access).some((role) => may(role, 'document.create'));
}

/** `create` is `null` for those who may not. */
function empty(create: (() => Promise<void>) | null): HTMLElement {
  if (create === null) return h('div', { class: 'empty' }, h('p', {}, 'Nothing is shared with you here yet.'));
  return h(
    'div',
    { class: 'empty' },
    h('p', {}, 'Nothing is written here yet. A document is saved while you type, and others can write in it with you.'),
    h('button', { type: 'button', class: 'button filled', onclick: () => void create() }, 'New document'),
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
