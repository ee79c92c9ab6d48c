import { documentPath } from '../../protocol/document-name.ts';
import { may } from '../../protocol/permissions.ts';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import type { MenuEntry } from '../menu.ts';
import { moved, moveOf } from '../roving.ts';
import { ApiError, createDocument, deleteDocument, type ListedDocument } from './api.ts';
import { confirmDelete } from './dialogs.ts';
import { displayTitle } from './display-title.ts';
import { DocumentList } from './document-list.ts';
import { download } from './download.ts';
import type { Entry } from './entry.ts';
import { showFavicon } from './favicon.ts';
import { footer } from './footer.ts';
import { Imports } from './imports.ts';
import { menuButton } from './menu-button.ts';
import type { Page } from './page.ts';
import { applyTheme, currentTheme, THEMES } from './theme.ts';
import { toast } from './toast.ts';
import { wordmark } from './wordmark.ts';

export interface DocumentsPageOptions {
  readonly entry: Entry;
  /** The token is good no more, or was given back; `why` is the code of the refusal. */
  readonly onSignedOut: (why: string) => void;
}

/** The list of documents: found, opened, created and deleted with the keyboard alone. */
export function documentsPage(options: DocumentsPageOptions): Page {
  return (place, navigate) => {
    document.title = 'Documents · Inkwire';
    void showFavicon(null);
    const page = new DocumentsPage(options, navigate);
    place.append(page.dom);
    return () => page.destroy();
  };
}

class DocumentsPage {
  readonly dom: HTMLElement;
  readonly #options: DocumentsPageOptions;
  readonly #navigate: (path: string) => void;
  readonly #mayCreate: boolean;
  readonly #list: DocumentList;
  readonly #imports = new Imports({ onDone: (names) => this.#imported(names) });

  constructor(options: DocumentsPageOptions, navigate: (path: string) => void) {
    const { entry, onSignedOut } = options;
    this.#options = options;
    this.#navigate = navigate;
    this.#mayCreate = mayCreateSomewhere(entry);
    this.#list = new DocumentList({
      entriesOf: (listed) => this.#entriesOf(listed),
      create: this.#mayCreate ? () => void this.#create() : null,
      onSignedOut,
    });
    const settings = menuButton({ label: 'Settings', menu: 'Settings', entries: () => this.#settings() });
    this.dom = h(
      'div',
      { class: 'documents' },
      h('header', { class: 'masthead' }, wordmark(), settings),
      h(
        'main',
        {},
        h(
          'div',
          { class: 'documents-head' },
          h('h1', {}, 'Documents'),
          this.#mayCreate && importButton(this.#imports.choose),
          this.#mayCreate && createButton(() => void this.#create()),
        ),
        h('label', { class: 'search' }, icon('search'), this.#list.input, h('kbd', { 'aria-hidden': 'true' }, '/')),
        this.#imports.dom,
        ...this.#list.parts,
      ),
      footer(entry),
    );
    document.addEventListener('keydown', this.#onKey);
    if (this.#mayCreate) takeDrops(this.dom, (files) => void this.#imports.take(files));
  }

  destroy(): void {
    this.#list.destroy();
    this.#imports.destroy();
    document.removeEventListener('keydown', this.#onKey);
  }

  async #create(): Promise<void> {
    try {
      this.#navigate(documentPath((await createDocument()).name));
    } catch (error) {
      toast(error instanceof ApiError ? error.message : 'The document could not be created.');
    }
  }

  #imported(names: readonly string[]): void {
    const [only] = names;
    if (names.length === 1 && this.#imports.dom.childElementCount === 0) {
      this.#navigate(documentPath(only!));
      return;
    }
    toast(names.length === 1 ? 'A document was imported' : `${names.length} documents were imported`);
    void this.#list.load();
  }

  /** Deletes a document once that was confirmed; the focus goes to the row that takes its place. */
  async #remove(listed: ListedDocument): Promise<void> {
    const list = this.#list;
    const title = displayTitle(listed.title, listed.name) ?? 'Untitled';
    if (!(await confirmDelete(title))) return list.links[list.placeOf(listed.name)]?.focus();
    try {
      const place = list.placeOf(listed.name);
      await deleteDocument(listed.name);
      toast(`Deleted “${title}”`);
      await list.load();
      (list.links[Math.min(place, list.links.length - 1)] ?? list.input).focus();
    } catch (error) {
      toast(error instanceof ApiError ? error.message : 'The document could not be deleted.');
    }
  }

  #entriesOf(listed: ListedDocument): MenuEntry[] {
    const { name, role } = listed;
    const remove: MenuEntry[] = ['line', { label: 'Delete…', icon: 'trash', danger: true, run: () => void this.#remove(listed) }];
    return [
      { label: 'Download as Markdown', icon: 'download', run: () => void download(name, 'markdown') },
      ...(may(role, 'document.delete') ? remove : []),
    ];
  }

  #settings(): MenuEntry[] {
    const { entry, onSignedOut } = this.#options;
    const signOut: MenuEntry[] = ['line', { label: 'Sign out', icon: 'leave', run: () => onSignedOut('sign-in-required') }];
    return [
      { group: 'Appearance' },
      ...THEMES.map(([theme, label]) => ({ label, checked: theme === currentTheme(), run: () => applyTheme(theme) })),
      ...(entry.kind === 'account' ? signOut : []),
    ];
  }

  readonly #onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open], [popover]') !== null) return;
    const act = this.#keyOf(event.key);
    if (act === null) return;
    event.preventDefault();
    act();
  };

  /** What a key does where the focus is; `null` for what the browser does with it. */
  #keyOf(key: string): (() => void) | null {
    const { input, links } = this.#list;
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (document.activeElement === input) {
      if (key === 'Enter') return () => links[0]?.click();
      if (key === 'ArrowDown') return () => links[0]?.focus();
      return key === 'Escape' ? () => this.#clearSearch() : null;
    }
    if (key === '/') return () => input.select();
    if (key === 'n' && this.#mayCreate) return () => void this.#create();
    if (key === 'i' && this.#mayCreate) return this.#imports.choose;
    if (key === 'ArrowUp' && at === 0) return () => input.focus();
    const listed = this.#list.at(at);
    if (key === 'Delete' && listed !== null && may(listed.role, 'document.delete')) return () => void this.#remove(listed);
    const move = moveOf(key, 'vertical', false);
    return move === null || links.length === 0 ? null : () => links[at === -1 ? 0 : moved(at, links.length, move)]?.focus();
  }

  #clearSearch(): void {
    this.#list.input.value = '';
    void this.#list.load();
  }
}

function createButton(create: () => void): HTMLElement {
  return h(
    'button',
    { type: 'button', class: 'button filled', title: 'New document (n)', 'aria-keyshortcuts': 'n', onclick: create },
    icon('plus'),
    'New document',
  );
}

function importButton(choose: () => void): HTMLElement {
  return h(
    'button',
    {
      ...{ type: 'button', class: 'button import-button', title: 'Import Markdown, web pages or JSON (i)' },
      ...{ 'aria-label': 'Import', 'aria-keyshortcuts': 'i', onclick: choose },
    },
    icon('upload'),
    h('span', {}, 'Import'),
  );
}

/** Files dropped anywhere on the page; what else is dropped is the browser's. */
function takeDrops(page: HTMLElement, take: (files: File[]) => void): void {
  const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true;
  page.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    page.classList.add('takes-files');
  });
  page.addEventListener('dragleave', (event) => {
    if (!page.contains(event.relatedTarget as Node | null)) page.classList.remove('takes-files');
  });
  page.addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    page.classList.remove('takes-files');
    take([...(event.dataTransfer?.files ?? [])]);
  });
}

function mayCreateSomewhere(entry: Entry): boolean {
  if (entry.kind === 'open') return true;
  return entry.kind === 'account' && Object.values(entry.account.access).some((role) => may(role, 'document.create'));
}
