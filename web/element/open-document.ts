import type { Editor } from '@tiptap/core';
import { SCHEMA_VERSION } from '../../document/schema.ts';
import { nameProblem } from '../../protocol/document-name.ts';
import type { RoleMessage } from '../../protocol/messages.ts';
import { adopt } from '../dom.ts';
import type { UploadHandler } from './assets/asset-settings.ts';
import { Assets } from './assets/assets.ts';
import type { BlockHandle } from './bubble/block-handle.ts';
import type { BubbleMenu } from './bubble/bubble-menu.ts';
import { loadChrome } from './chrome/chrome-loader.ts';
import { loadConvertersSoon } from './content/load-soon.ts';
import { DocumentView } from './document-view.ts';
import type { InkwireEventDetails } from './events.ts';
import { loadHistory } from './history/history-loader.ts';
import type { HistoryView } from './history/history-view.ts';
import type { ImageTools } from './images/image-tools.ts';
import { askBeforeLeaving } from './leaving.ts';
import { makeReader } from './make-editor.ts';
import type { SlashView } from './menus/slash-trigger.ts';
import { collabUrl, serverUrl } from './server-address.ts';
import { Session } from './session.ts';
import type { Settings } from './settings.ts';
import type { Shell } from './shell.ts';
import type { Speaker } from './speaker.ts';
import { closesEditing, losesOnClose, type Status } from './status.ts';
import type { Toolbar } from './toolbar/toolbar.ts';
import { viewOnlyBar } from './view-only.ts';

/** What an element gives the document that is open in it. */
export interface Surroundings {
  readonly root: ShadowRoot;
  readonly shell: Shell;
  readonly speaker: Speaker;
  /** The server of an element that names none, if there is one. */
  readonly home: string | null;
  /** As the attributes stand at this moment. */
  readonly settings: () => Settings;
  /** The page's own way to keep pictures and files; `null`: they go to the server. */
  readonly uploadHandler: () => UploadHandler | null;
  readonly emit: <Name extends keyof InkwireEventDetails>(name: Name, detail: InkwireEventDetails[Name]) => void;
}

/**
 * One document open in an element, from its first connection until it is closed: the session, the editor
 * once the session has synced, and what stands around the editor.
 */
export class OpenDocument {
  readonly session: Session;
  readonly #surroundings: Surroundings;
  readonly #closed = new AbortController();
  readonly #assets: Assets;
  /** Holds the page open for uploads, as this does for edits. */
  readonly #uploading = {};
  #view: DocumentView | null = null;
  #toolbar: Toolbar | null = null;
  #slashView: SlashView | null = null;
  #imageTools: ImageTools | null = null;
  #bubble: BubbleMenu | null = null;
  #blockHandle: BlockHandle | null = null;
  #history: HistoryView | null = null;
  #shownStatus: Status | null = null;

  /** Throws a `TypeError` for a name or a server's address that cannot be. */
  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    const { shell, speaker, home } = surroundings;
    const { server, documentName } = surroundings.settings();
    const problem = nameProblem(documentName);
    if (problem !== null) throw new TypeError(`The document's name ${problem}.`);
    const places = { home, page: window.location.href };
    const url = collabUrl(server, places, documentName, SCHEMA_VERSION);
    this.#assets = new Assets({
      server: serverUrl(server, places),
      documentName,
      token: (another) => speaker.heldToken(documentName, another),
      uploadHandler: surroundings.uploadHandler,
      say: (sentence) => shell.say(sentence),
      onPending: (count) => askBeforeLeaving(this.#uploading, count > 0),
    });
    shell.showSkeleton(true);
    this.session = new Session({
      url,
      documentName,
      token: () => speaker.token(documentName),
      user: speaker.user,
      onStatus: () => this.#statusChanged(),
      onSynced: () => this.#synced(),
      onPeople: () => surroundings.emit('inkwire-presence', { users: this.session.people }),
      onRole: (message) => this.#roleChanged(message),
      onTokenError: (error) => surroundings.emit('inkwire-error', { error }),
    });
    const { signal } = this.#closed;
    for (const event of ['online', 'pageshow'] as const) window.addEventListener(event, this.#hurry, { signal });
    document.addEventListener('visibilitychange', this.#hurry, { signal });
    this.#statusChanged();
  }

  /** `null` until the document is on the screen. */
  get editor(): Editor | null {
    return this.#view?.editor ?? null;
  }

  close(): void {
    this.#closed.abort();
    askBeforeLeaving(this, false);
    this.closeHistory();
    this.#assets.close();
    this.#toolbar?.destroy();
    this.#imageTools?.destroy();
    this.#bubble?.destroy();
    this.#blockHandle?.destroy();
    this.#view?.destroy();
    this.#view = null;
    this.session.close();
  }

  /** Whether one may write depends on the page, the role and the status; asked again when any of them changed. */
  applyEditable(): void {
    const editable = this.#editable;
    if (this.editor === null || this.editor.isEditable === editable) return;
    this.#view?.setEditable(editable);
    void this.showChrome();
  }

  /** Shows the history in the place of the text, compared with a version of before, or with what was written last. */
  async openHistory(since: number | null = null): Promise<void> {
    const { root, shell, speaker, home, settings, emit } = this.#surroundings;
    const { HistoryView } = await loadHistory();
    if (this.#closed.signal.aborted || this.#view === null || this.#history !== null) return;
    const { server, documentName, label } = settings();
    const history = new HistoryView({
      ...{ root, since },
      settings: {
        server: serverUrl(server, { home, page: window.location.href }),
        documentName,
        token: (another) => speaker.heldToken(documentName, another),
      },
      mayEdit: () => this.#editable,
      people: () => this.session.people,
      makeReader: (content, mount) => makeReader(content, { mount, label: `${label}, an earlier version`, assets: this.#assets }),
      say: (sentence) => shell.say(sentence),
      onClose: () => this.closeHistory(),
      onVersion: (version) => emit('inkwire-history', { open: true, version }),
    });
    this.#history = history;
    shell.showInstead(history.dom);
    history.focus();
    emit('inkwire-history', { open: true, version: null });
  }

  /** Shows the text again. */
  closeHistory(): void {
    if (this.#history === null) return;
    this.#history.destroy();
    this.#history = null;
    this.#surroundings.shell.showInstead(null);
    this.#surroundings.emit('inkwire-history', { open: false, version: null });
    if (!this.#closed.signal.aborted) this.editor?.view.focus();
  }

  /** Puts the toolbar that is asked for around the editor of this moment, or none. */
  async showChrome(): Promise<void> {
    const { root, shell, settings, emit } = this.#surroundings;
    const { editor } = this;
    const chrome = editor?.isEditable ? await loadChrome().catch((error: unknown) => emit('inkwire-error', { error })) : null;
    if (chrome) {
      adopt(root, chrome.controlStyles);
      this.#assets.arm().catch(() => {});
    }
    if (editor !== this.editor || this.#closed.signal.aborted) return;
    const { toolbar, shownForReading } = settings();
    this.#toolbar?.destroy();
    this.#toolbar = null;
    this.#imageTools?.destroy();
    this.#imageTools = null;
    this.#bubble?.destroy();
    this.#bubble = null;
    this.#blockHandle?.destroy();
    this.#blockHandle = null;
    // Taken off the document meanwhile, it has no view any more.
    if (editor !== null && !editor.isDestroyed && chrome) {
      this.#slashView = new chrome.SlashMenu(editor, root);
      this.#imageTools = new chrome.ImageTools(editor, root, this.#assets);
      this.#bubble = new chrome.BubbleMenu(editor, root);
      this.#blockHandle = new chrome.BlockHandle(editor, root);
      if (toolbar !== 'none') this.#toolbar = new chrome.Toolbar(editor, root, toolbar, shell.toolbarEnd);
    }
    const viewOnly = editor !== null && toolbar !== 'none' && this.session.readOnly && !shownForReading;
    shell.showToolbar(
      this.#toolbar?.dom ??
        (viewOnly ? viewOnlyBar(shell.toolbarEnd, () => void loadChrome().then(({ openFind }) => openFind(editor))) : null),
    );
  }

  /** Calls the text by another name for screen readers. */
  showLabel(): void {
    this.editor?.view.dom.setAttribute('aria-label', this.#surroundings.settings().label);
  }

  /** Puts the cursor at the end, into a paragraph: after a table or a picture there may be none. */
  writeBelow(): void {
    const { editor } = this;
    if (!editor?.isEditable) return;
    const { doc } = editor.state;
    if (doc.lastChild?.type.name !== 'paragraph') editor.commands.insertContentAt(doc.content.size, { type: 'paragraph' });
    editor.view.focus();
    editor.commands.setTextSelection(editor.state.doc.content.size);
  }

  #synced(): void {
    if (this.#view === null) this.#show();
    else this.applyEditable();
    this.#assets.connected();
    this.#surroundings.emit('inkwire-synced', {});
  }

  #show(): void {
    const { shell, settings, emit } = this.#surroundings;
    const { label, placeholder } = settings();
    shell.showSkeleton(false);
    this.#view = new DocumentView(
      this.session,
      {
        mount: shell.mount,
        editable: this.#editable,
        label,
        placeholder,
        focusToolbar: () => {
          this.#toolbar?.focus();
          return this.#toolbar !== null;
        },
        openHistory: () => {
          this.openHistory().catch((error: unknown) => emit('inkwire-error', { error }));
          return true;
        },
        slashView: () => this.#slashView,
        assets: this.#assets,
      },
      {
        onEditor: (editor, bound) => this.#editorMade(editor, bound),
        onForeign: (names) => emit('inkwire-schema-error', { names }),
      },
    );
  }

  #editorMade(editor: Editor, bound: boolean): void {
    const { settings, emit } = this.#surroundings;
    editor.on('transaction', ({ transaction }) => {
      if (transaction.docChanged) emit('inkwire-change', { local: transaction.getMeta('y-sync$') === undefined });
    });
    // The view's constructor calls this before it returned.
    queueMicrotask(() => {
      if (editor !== this.editor) return;
      void this.showChrome();
      if (bound && settings().autofocus) editor.view.focus();
      emit('inkwire-ready', { editor });
      if (this.#editable) loadConvertersSoon();
    });
  }

  #roleChanged({ role, reason }: RoleMessage): void {
    if (reason === 'update-required') this.#view?.unbind();
    this.applyEditable();
    if (this.editor?.isEditable === false) void this.showChrome();
    this.#surroundings.emit('inkwire-role', { role, reason });
  }

  #statusChanged(): void {
    // Called often, and from within the session's constructor: one look per turn is enough, and sees the end of it.
    queueMicrotask(() => {
      const { shell, emit } = this.#surroundings;
      const { kind, waiting } = this.session.status;
      const before = this.#shownStatus;
      if (this.#closed.signal.aborted || (kind === before?.kind && waiting === before.waiting)) return;
      const status = { kind, waiting };
      this.#shownStatus = status;
      askBeforeLeaving(this, losesOnClose(status));
      shell.showStatus(status, this.#view !== null);
      emit('inkwire-status', status);
      if (kind === before?.kind) return;
      if (kind === 'sign-in' || kind === 'removed') emit('inkwire-auth-error', { kind });
      this.applyEditable();
    });
  }

  get #editable(): boolean {
    if (this.#surroundings.settings().shownForReading || this.session.readOnly) return false;
    return !closesEditing(this.session.status.kind);
  }

  readonly #hurry = () => {
    if (document.visibilityState === 'visible') this.session.hurry();
  };
}
