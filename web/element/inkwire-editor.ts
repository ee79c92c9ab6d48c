import type { Editor, JSONContent } from '@tiptap/core';
import type * as Y from 'yjs';
import { SCHEMA_VERSION } from '../../document/schema.ts';
import { nameProblem } from '../../protocol/document-name.ts';
import type { Role } from '../../protocol/role.ts';
import { loadChrome } from './chrome-loader.ts';
import { loadMarkdown, loadMarkdownSoon } from './content/markdown-loader.ts';
import { DocumentView } from './document-view.ts';
import type { InkwireEventDetails, InkwireEventMap } from './events.ts';
import { FormValue } from './form-value.ts';
import { askBeforeLeaving } from './leaving.ts';
import type { SlashView } from './menus/slash-trigger.ts';
import type { Person } from './people.ts';
import { rejectedMarkdown } from './rejected-edits.ts';
import { collabUrl } from './server-address.ts';
import { Session } from './session.ts';
import { Shell } from './shell.ts';
import { Speaker, type TokenProvider } from './speaker.ts';
import { losesOnClose, type Status } from './status.ts';
import type { Toolbar, ToolbarKind } from './toolbar/toolbar.ts';
import { viewOnlyBar } from './view-only.ts';

const IDLE: Status = { kind: 'connecting', waiting: 0 };

/**
 * `<inkwire-editor server="https://…" document="name">`: one shared document, written in together.
 *
 * Attributes: `server` (the site or its `/collab` endpoint; default: where this module came from),
 * `document`, `token`, `mode` (`edit` | `view`), `readonly`, `guest-name` (shown to others while the
 * server is open to all), `placeholder`, `theme` (`auto` | `light` | `dark`), `toolbar` (`full` |
 * `minimal` | `none`), `autofocus`, `label`, and `name` as on any form control: its HTML is submitted.
 * Events: see `InkwireEventDetails`. Parts: `toolbar`, `view-only`, `sheet`, `notice`, `status`. Slots: `toolbar-end`, `notice-end`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: TypeScript has no other way to type the events of a class
export class InkwireEditorElement extends HTMLElement {
  static readonly formAssociated = true;
  static readonly observedAttributes = [
    'server', 'document', 'token', 'mode', 'readonly', 'guest-name', 'placeholder', 'toolbar', 'label',
  ]; // biome-ignore format: one line reads better than nine

  readonly #internals = this.attachInternals();
  readonly #root = this.attachShadow({ mode: 'open', delegatesFocus: true });
  #shell: Shell | null = null;
  #session: Session | null = null;
  #view: DocumentView | null = null;
  #toolbar: Toolbar | null = null;
  #slashView: SlashView | null = null;
  readonly #formValue = new FormValue(this);
  #status: Status | null = null;
  readonly #speaker = new Speaker(this, (another) => this.#spokenFor(another));
  #opening = false;

  /** Where the document stands; the same as the last `inkwire-status`. */
  get status(): Status {
    return this.#session?.status ?? IDLE;
  }

  /** Who is in the document, this tab's own user first. */
  get users(): readonly Person[] {
    return this.#session?.people ?? [];
  }

  /** The Tiptap editor, once the document is on the screen. */
  get editor(): Editor | null {
    return this.#view?.editor ?? null;
  }

  /** The shared document while the element is connected; roots beside `default` and `meta` belong to the page. */
  get sharedDocument(): Y.Doc | null {
    return this.#session?.document ?? null;
  }

  /** The content as HTML, which is what a form submits. It cannot be set: the server seeds a document, or every client would. */
  get value(): string {
    return this.getHTML();
  }

  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }

  /** What this user may do, as the server said last; `null` before it has, and always on a server that is open to all. */
  get documentRole(): Role | null {
    return this.#session?.role ?? null;
  }

  get tokenProvider(): TokenProvider | null {
    return this.#speaker.tokenProvider;
  }

  set tokenProvider(provider: TokenProvider | null) {
    this.#speaker.tokenProvider = provider;
    this.reconnect();
  }

  override focus(): void {
    this.editor?.view.focus();
  }

  /** The content as Markdown; resolves once the converter is fetched. */
  async getMarkdown(): Promise<string> {
    return (await loadMarkdown()).writeMarkdown(this.getJSON());
  }

  override getHTML(): string {
    return this.editor?.getHTML() ?? '';
  }

  /** The content as ProseMirror JSON. */
  getJSON(): JSONContent {
    return this.editor?.getJSON() ?? { type: 'doc', content: [] };
  }

  /** The blocks that hold edits the server has not taken, as Markdown; '' when there are none. What "Changes rejected" offers. */
  async getRejectedMarkdown(): Promise<string> {
    return this.#session === null ? '' : rejectedMarkdown(this.#session.document, this.#session.unacknowledged);
  }

  /** Drops the edits the server has not taken and shows its document. */
  discardRejected(): void {
    this.#close();
    this.#openSoon();
  }

  /** Connects anew, with a fresh token; also after a refusal. */
  reconnect(): void {
    this.#session?.reconnect();
  }

  connectedCallback(): void {
    // Set before this module arrived, it lies over the accessor.
    if (Object.hasOwn(this, 'tokenProvider')) {
      const { tokenProvider } = this;
      Reflect.deleteProperty(this, 'tokenProvider');
      this.tokenProvider = tokenProvider;
    }
    // Fetched while the document is, for those who may write.
    void loadChrome().catch(() => {});
    this.#shell ??= new Shell(this.#root, () => this.#writeBelow(), {
      text: () => this.getRejectedMarkdown(),
      discard: () => this.discardRejected(),
    });
    this.#openSoon();
  }

  disconnectedCallback(): void {
    // A move in the page disconnects and connects at once: the session survives it.
    queueMicrotask(() => {
      if (!this.isConnected) this.#close();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || this.#session === null) return;
    if (name === 'server' || name === 'document') {
      this.#close();
      this.#openSoon();
    } else if (name === 'token') this.reconnect();
    else if (name === 'guest-name') {
      this.#session.setUser(this.#speaker.user);
      // The log names who the token named when the socket opened.
      this.reconnect();
    } else if (name === 'toolbar') void this.#showChrome();
    else if (name === 'label') this.editor?.view.setProps({});
    else this.#applyEditable();
  }

  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#formValue.belongTo(form);
  }

  #openSoon(): void {
    if (this.#opening || this.#session !== null) return;
    this.#opening = true;
    // The page may still be setting attributes and the token provider.
    queueMicrotask(() => {
      this.#opening = false;
      if (this.isConnected && this.#session === null) this.#open();
    });
  }

  #open(): void {
    const name = this.getAttribute('document') ?? '';
    const problem = nameProblem(name);
    try {
      if (problem !== null) throw new TypeError(`The document's name ${problem}.`);
      const url = collabUrl(this.getAttribute('server'), new URL(import.meta.url).origin, name, SCHEMA_VERSION);
      this.#shell?.showSkeleton(true);
      this.#session = new Session({
        url,
        documentName: name,
        token: () => this.#speaker.token(name),
        user: this.#speaker.user,
        onStatus: () => this.#statusChanged(),
        onSynced: () => this.#synced(),
        onPeople: () => this.#emit('inkwire-presence', { users: this.users }),
        onRole: ({ role, reason }) => {
          if (reason === 'update-required') this.#view?.unbind();
          this.#applyEditable();
          if (this.editor?.isEditable === false) void this.#showChrome();
          this.#emit('inkwire-role', { role, reason });
        },
        onTokenError: (error) => this.#emit('inkwire-error', { error }),
      });
      for (const event of ['online', 'pageshow'] as const) window.addEventListener(event, this.#hurry);
      document.addEventListener('visibilitychange', this.#hurry);
      this.#statusChanged();
    } catch (error) {
      this.#emit('inkwire-error', { error });
    }
  }

  #close(): void {
    for (const event of ['online', 'pageshow'] as const) window.removeEventListener(event, this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    askBeforeLeaving(this, false);
    this.#toolbar?.destroy();
    this.#toolbar = null;
    this.#view?.destroy();
    this.#view = null;
    this.#slashView = null;
    this.#session?.close();
    this.#session = null;
    this.#shell?.destroy();
    this.#status = null;
  }

  #synced(): void {
    const session = this.#session;
    if (session === null || this.#shell === null) return;
    if (this.#view === null) {
      this.#shell.showSkeleton(false);
      this.#view = new DocumentView(
        session,
        {
          mount: this.#shell.mount,
          editable: this.#editable,
          label: this.getAttribute('label') ?? 'Document',
          placeholder: this.getAttribute('placeholder') ?? 'Write, or type / for more',
          focusToolbar: () => {
            this.#toolbar?.focus();
            return this.#toolbar !== null;
          },
          slashView: () => this.#slashView,
        },
        {
          onEditor: (editor, bound) => this.#editorMade(editor, bound),
          onForeign: (names) => this.#emit('inkwire-schema-error', { names }),
        },
      );
    } else this.#applyEditable();
    this.#emit('inkwire-synced', {});
  }

  #editorMade(editor: Editor, bound: boolean): void {
    editor.on('transaction', ({ transaction }) => {
      if (transaction.docChanged) this.#emit('inkwire-change', { local: transaction.getMeta('y-sync$') === undefined });
    });
    // The view's constructor calls this before it returned.
    queueMicrotask(() => {
      if (editor !== this.editor) return;
      void this.#showChrome();
      if (bound && this.hasAttribute('autofocus')) editor.view.focus();
      this.#emit('inkwire-ready', { editor });
      if (this.#editable) loadMarkdownSoon();
    });
  }

  async #showChrome(): Promise<void> {
    const { editor } = this;
    const kind = this.getAttribute('toolbar') ?? 'full';
    const chrome = editor?.isEditable ? await loadChrome().catch((error: unknown) => this.#emit('inkwire-error', { error })) : null;
    if (editor !== this.editor) return;
    this.#toolbar?.destroy();
    this.#toolbar = null;
    if (editor !== null && chrome && this.#shell !== null) {
      this.#slashView = new chrome.SlashMenu(editor, this.#root);
      if (kind !== 'none') this.#toolbar = new chrome.Toolbar(editor, this.#root, kind as ToolbarKind, this.#shell.toolbarEnd);
    }
    const viewOnly = editor !== null && kind !== 'none' && this.#session?.readOnly === true && !this.#shownForReading;
    this.#shell?.showToolbar(this.#toolbar?.dom ?? (viewOnly ? viewOnlyBar(this.#shell.toolbarEnd) : null));
  }

  #statusChanged(): void {
    // Called often, and from within the session's constructor: one look per turn is enough, and sees the end of it.
    queueMicrotask(() => {
      const { kind, waiting } = this.status;
      if (this.#session === null || (kind === this.#status?.kind && waiting === this.#status.waiting)) return;
      const before = this.#status?.kind;
      this.#status = { kind, waiting };
      askBeforeLeaving(this, losesOnClose(this.#status));
      this.#shell?.showStatus(this.#status, this.#view !== null);
      this.#emit('inkwire-status', this.#status);
      if (kind === before) return;
      if (kind === 'sign-in' || kind === 'removed') this.#emit('inkwire-auth-error', { kind });
      this.#applyEditable();
    });
  }

  #spokenFor(another: boolean): void {
    // The ids this document writes under belong to whoever signed in before, and the server takes them from nobody else.
    if (another && this.status.waiting === 0) this.discardRejected();
    else this.#session?.setUser(this.#speaker.user);
  }

  /** Puts the cursor at the end, into a paragraph: after a table or a picture there may be none. */
  #writeBelow(): void {
    const { editor } = this;
    if (!editor?.isEditable) return;
    const { doc } = editor.state;
    if (doc.lastChild?.type.name !== 'paragraph') editor.commands.insertContentAt(doc.content.size, { type: 'paragraph' });
    editor.view.focus();
    editor.commands.setTextSelection(editor.state.doc.content.size);
  }

  readonly #hurry = () => {
    if (document.visibilityState === 'visible') this.#session?.hurry();
  };

  #applyEditable(): void {
    const editable = this.#editable;
    if (this.editor === null || this.editor.isEditable === editable) return;
    this.#view?.setEditable(editable);
    void this.#showChrome();
  }

  get #editable(): boolean {
    if (this.#shownForReading || this.#session?.readOnly === true) return false;
    return !['removed', 'deleted', 'rejected', 'update-required'].includes(this.status.kind);
  }

  /** The page wants it read-only, whatever the user may. */
  get #shownForReading(): boolean {
    return this.getAttribute('mode') === 'view' || this.hasAttribute('readonly');
  }

  #emit<Name extends keyof InkwireEventDetails>(name: Name, detail: InkwireEventDetails[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

export interface InkwireEditorElement {
  addEventListener<Name extends keyof InkwireEventMap>(
    type: Name,
    listener: (this: InkwireEditorElement, event: InkwireEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}
