import { nameProblem } from '../../protocol/document-name.ts';
import { may } from '../../protocol/permissions.ts';
import type { Role } from '../../protocol/role.ts';
import { h } from '../dom.ts';
import { closesEditing, type StatusKind } from '../element/status.ts';
import { sentenceFor } from '../element/status-words.ts';
import { icon } from '../icons.ts';
import type { MenuEntry } from '../menu.ts';
import type { InkwireEditorElement } from '../package/index.d.ts';
import { displayTitle } from './display-title.ts';
import { copy, DocumentCommands } from './document-commands.ts';
import { documentMenu } from './document-menu.ts';
import { download } from './download.ts';
import { type Entry, roleIn, tokenProviderOf } from './entry.ts';
import { footer } from './footer.ts';
import { watchKeyboard } from './keyboard-inset.ts';
import { LastVisit } from './last-visit.ts';
import { menuButton } from './menu-button.ts';
import { openServerDialog } from './open-server-dialog.ts';
import { Outline } from './outline.ts';
import { chosenName } from './own-name.ts';
import type { Page } from './page.ts';
import { PeopleButton } from './people-button.ts';
import { BASE } from './places.ts';
import { shareDialog } from './share-dialog.ts';
import { signInDialog } from './sign-in-form.ts';
import { StatusButton } from './status-button.ts';
import { currentTheme } from './theme.ts';
import { TitleField } from './title-field.ts';
import { toast } from './toast.ts';
import { countLine, countOf } from './word-count.ts';

/** The element is a module of its own, which other sites load too; the list of documents does without it. */
const ELEMENT_MODULE = `${BASE}/inkwire.js`;

export interface DocumentPageOptions {
  readonly name: string;
  readonly entry: Entry;
  /** Forgets the token or the share link, and shows the page to those who have none. */
  readonly onLeave: () => void;
}

/** The page to write on. */
export function documentPage(options: DocumentPageOptions): Page {
  return (place, navigate) => {
    const problem = nameProblem(options.name);
    if (problem !== null) {
      place.append(badName(problem));
      return () => {};
    }
    import(/* @vite-ignore */ ELEMENT_MODULE).catch(() => toast('The editor could not be loaded. Reload the page to try again.'));
    const page = new DocumentPage(options, navigate);
    place.append(page.dom);
    return () => page.destroy();
  };
}

class DocumentPage {
  readonly dom: HTMLElement;
  readonly #entry: Entry;
  readonly #name: string;
  readonly #editor: InkwireEditorElement;
  readonly #title: TitleField;
  readonly #status = new StatusButton(() => this.#editor.transport);
  readonly #outline = new Outline();
  readonly #people: PeopleButton;
  readonly #share: HTMLButtonElement;
  readonly #since = h('button', { type: 'button', class: 'button since', hidden: true });
  readonly #visit: LastVisit;
  readonly #signIn: HTMLButtonElement;
  readonly #stopWatching = watchKeyboard();
  #role: Role | null;
  #kind: StatusKind = 'connecting';

  constructor({ name, entry, onLeave }: DocumentPageOptions, navigate: (path: string) => void) {
    this.#name = name;
    this.#entry = entry;
    this.#visit = new LastVisit(name, () => this.#isThere);
    this.#role = roleIn(entry, name);
    this.#signIn = h('button', { type: 'button', slot: 'notice-end', hidden: true, onclick: () => void this.#signInAgain() }, 'Sign in');
    this.#editor = makeEditor(name, entry, this.#signIn);
    const untitled = displayTitle('', name) ?? 'Untitled';
    this.#title = new TitleField(
      untitled,
      () => this.#showTitle(),
      () => this.#editor.focus(),
    );
    document.title = `${untitled} · Inkwire`;
    const commands = new DocumentCommands(
      name,
      this.#editor,
      () => this.#shownTitle,
      () => navigate('/'),
    );
    this.#people = new PeopleButton(entry.kind === 'account' ? null : () => void commands.rename());
    this.#share = h(
      'button',
      { type: 'button', class: 'button share', 'aria-label': 'Share', 'aria-haspopup': 'dialog', onclick: () => void this.#openShare() },
      icon('share'),
      h('span', { class: 'button-label' }, 'Share'),
    );
    const more = menuButton({ label: 'Document menu', menu: 'Document', entries: () => this.#entries(commands, onLeave) });
    this.dom = h('div', { class: 'document-page' }, this.#bar(more), this.#outline.dom, h('main', {}, this.#editor), footer(entry));
    this.#listen();
    document.addEventListener('keydown', this.#onKey);
    this.#follow();
  }

  destroy(): void {
    document.removeEventListener('keydown', this.#onKey);
    this.#stopWatching();
    this.#visit.destroy();
    this.#title.destroy();
    this.#status.destroy();
    this.#outline.destroy();
  }

  get #shownTitle(): string {
    return displayTitle(this.#title.input.value, this.#name) ?? 'Untitled';
  }

  #showTitle(): void {
    document.title = `${this.#shownTitle} · Inkwire`;
  }

  #bar(more: HTMLElement): HTMLElement {
    return h(
      'header',
      { class: 'bar' },
      h('a', { class: 'button icon-only quiet-button', href: `${BASE}/`, 'aria-label': 'Documents', title: 'Documents' }, icon('back')),
      this.#title.input,
      this.#status.dom,
      h('span', { class: 'space' }),
      this.#since,
      this.#people.dom,
      this.#share,
      more,
    );
  }

  #entries(commands: DocumentCommands, onLeave: () => void): MenuEntry[] {
    const { kind } = this.#entry;
    return documentMenu({
      counts: countLines(this.#editor),
      download: (format) => void download(this.#name, format),
      copyMarkdown: () => void commands.copyMarkdown(),
      history: () => this.#openHistory(null),
      rename: kind === 'account' ? null : () => void commands.rename(),
      remove: may(this.#role, 'document.delete') ? () => void commands.remove() : null,
      leave: kind === 'open' ? null : { label: kind === 'account' ? 'Sign out' : 'Forget this link', run: onLeave },
    });
  }

  #listen(): void {
    const editor = this.#editor;
    editor.addEventListener('inkwire-status', ({ detail }) => {
      this.#status.show(detail);
      this.#kind = detail.kind;
      this.#signIn.hidden = (detail.kind !== 'sign-in' && detail.kind !== 'removed') || this.#entry.kind !== 'account';
      this.#follow();
    });
    editor.addEventListener('inkwire-role', ({ detail }) => {
      if (detail.reason !== 'expired') this.#role = detail.role;
      this.#follow();
    });
    editor.addEventListener('inkwire-change', () => this.#visit.changed());
    editor.addEventListener('inkwire-synced', () => void this.#showMissed(), { once: true });
    editor.addEventListener('inkwire-synced', () => {
      if (editor.sharedDocument !== null) this.#title.bind(editor.sharedDocument);
      this.#follow();
    });
    editor.addEventListener('inkwire-ready', ({ detail }) => this.#outline.show(detail.editor));
    editor.addEventListener('inkwire-history', ({ detail: { open } }) => this.#outline.dom.classList.toggle('away', open));
    editor.addEventListener('inkwire-presence', ({ detail: { users } }) => this.#people.show(users));
  }

  #openHistory(since: number | null): void {
    this.#editor.openHistory(since).catch(() => toast('The history could not be loaded. Try again.'));
  }

  /** The document has been written to, and nothing of this tab waits. */
  get #isThere(): boolean {
    return (this.#editor.sharedDocument?.store.clients.size ?? 0) > 0 && this.#editor.status.waiting === 0;
  }

  /** Offers to show what others wrote since one was here last. */
  async #showMissed(): Promise<void> {
    const ownId = this.#editor.users.find(({ self }) => self)?.id ?? null;
    // Where the history is not to be had, nothing is missed.
    const missed = await this.#visit.missed(ownId).catch(() => null);
    if (missed === null) return;
    const names = new Intl.ListFormat(undefined, { type: 'conjunction' }).format(missed.names);
    this.#since.append(icon('history'), h('span', { class: 'button-label' }, 'Since your last visit'));
    this.#since.title = `${names} wrote here since your last visit`;
    this.#since.ariaLabel = this.#since.title;
    this.#since.hidden = false;
    this.#since.addEventListener('click', () => {
      this.#since.hidden = true;
      this.#openHistory(missed.since);
    });
  }

  /** Shows what the role and the status allow. */
  #follow(): void {
    this.#share.hidden = !may(this.#role, 'document.share');
    this.#title.setEditable(may(this.#role, 'document.edit') && !closesEditing(this.#kind));
  }

  #openShare(): Promise<void> | void {
    if (this.#entry.kind !== 'open') return shareDialog(this.#name, this.#shownTitle);
    return openServerDialog(() => void copy(location.href, 'Link copied'));
  }

  async #signInAgain(): Promise<void> {
    if (await signInDialog()) this.#editor.reconnect();
  }

  readonly #onKey = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { status } = this.#editor;
    toast(status.kind === 'saved' ? 'Saved already – every keystroke is' : sentenceFor(status));
  };
}

/** Counted when the menu opens: while one types nobody asks. */
function countLines({ editor }: InkwireEditorElement): string[] {
  if (editor === null) return [];
  const { doc, selection } = editor.state;
  const said = (from: number, to: number) => countLine(countOf(doc.textBetween(from, to, '\n', ' ')));
  const all = said(0, doc.content.size);
  return selection.empty ? [all] : [all, `Selected: ${said(selection.from, selection.to)}`];
}

function makeEditor(name: string, entry: Entry, signIn: HTMLButtonElement): InkwireEditorElement {
  const editor = document.createElement('inkwire-editor');
  for (const [attribute, value] of Object.entries({ document: name, autofocus: '', theme: currentTheme(), label: 'Document text' })) {
    editor.setAttribute(attribute, value);
  }
  editor.tokenProvider = tokenProviderOf(entry);
  if (entry.kind === 'visitor') editor.setAttribute('guest-name', chosenName());
  // The bar above says the status already.
  editor.append(h('span', { slot: 'toolbar-end', hidden: true }), signIn);
  return editor;
}

function badName(problem: string): HTMLElement {
  const said = h('div', { class: 'empty' }, h('p', {}, `The name ${problem}.`), h('a', { href: `${BASE}/` }, 'Documents'));
  return h('main', { class: 'documents' }, said);
}
