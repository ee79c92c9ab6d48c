import type { Editor, JSONContent } from '@tiptap/core';
import type * as Y from 'yjs';
import type { Role } from '../../protocol/role.ts';
import { adopt } from '../dom.ts';
import type { UploadHandler } from './assets/asset-settings.ts';
import { loadChrome } from './chrome/chrome-loader.ts';
import { loadMarkdown } from './content/markdown-loader.ts';
import type { InkwireEventMap } from './events.ts';
import { FormValue } from './form-value.ts';
import { OpenDocument, type Surroundings } from './open-document.ts';
import type { Person } from './people/people.ts';
import { type AttributeProperties, reflectAttributes, takeEarlyProperties } from './properties.ts';
import { rejectedMarkdown } from './rejected-edits.ts';
import { OBSERVED, settingsOf } from './settings.ts';
import { Shell } from './shell.ts';
import { Speaker, type TokenProvider } from './speaker.ts';
import type { Status } from './status.ts';
import type { Transport } from './transports.ts';

const IDLE: Status = { kind: 'connecting', waiting: 0 };

/** `HTMLElement`; where there is no page, as on a server that renders one, a class that nothing is made of. */
const PageElement: typeof HTMLElement = globalThis.HTMLElement ?? class {};

/**
 * `<inkwire-editor server="https://…" document="name">`: one shared document, written in together.
 *
 * Attributes: `server` (the site or its `/collab` endpoint; default: `InkwireEditorElement.home`),
 * `document`, `token`, `mode` (`edit` | `view`), `readonly`, `guest-name` (shown to others while the
 * server is open to all), `placeholder`, `theme` (`auto` | `light` | `dark`), `toolbar` (`full` |
 * `minimal` | `none`), `autofocus`, `label`, and `name` as on any form control: its HTML is submitted.
 * Events: see `InkwireEventDetails`. Parts: `toolbar`, `view-only`, `sheet`, `notice`, `status`. Slots: `toolbar-end`, `notice-end`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: TypeScript has no other way to type the events of a class
export class InkwireEditorElement extends PageElement {
  /** The server of elements that name none: where `/inkwire.js` came from. `null` in the package, whose module comes with an application. */
  static home: string | null = null;
  static readonly formAssociated = true;
  static readonly observedAttributes = OBSERVED;

  readonly #internals = this.attachInternals();
  readonly #root = this.attachShadow({ mode: 'open', delegatesFocus: true });
  readonly #formValue = new FormValue(this);
  readonly #speaker = new Speaker(this, (another) => this.#spokenFor(another));
  #shell: Shell | null = null;
  #open: OpenDocument | null = null;
  #opening = false;
  #uploadHandler: UploadHandler | null = null;

  /** Where the document stands; the same as the last `inkwire-status`. */
  get status(): Status {
    return this.#open?.session.status ?? IDLE;
  }

  /** How the server is reached: by WebSocket, or over HTTP where the network refuses those; `null` while it is not. */
  get transport(): Transport | null {
    return this.#open?.session.transport ?? null;
  }

  /** Who is in the document, this tab's own user first. */
  get users(): readonly Person[] {
    return this.#open?.session.people ?? [];
  }

  /** The Tiptap editor, once the document is on the screen. */
  get editor(): Editor | null {
    return this.#open?.editor ?? null;
  }

  /** The shared document while the element is connected; roots beside `default` and `meta` belong to the page. */
  get sharedDocument(): Y.Doc | null {
    return this.#open?.session.document ?? null;
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
    return this.#open?.session.role ?? null;
  }

  get tokenProvider(): TokenProvider | null {
    return this.#speaker.tokenProvider;
  }

  /** A first function, or none any more, connects anew. Another one is asked from the next question on: a template makes one at each render. */
  set tokenProvider(provider: TokenProvider | null | undefined) {
    const before = this.#speaker.tokenProvider;
    this.#speaker.tokenProvider = provider ?? null;
    if ((before === null) !== (this.#speaker.tokenProvider === null)) this.reconnect();
  }

  /** The page's own way to keep pictures and files; `null`: they go to the server. */
  get uploadHandler(): UploadHandler | null {
    return this.#uploadHandler;
  }

  set uploadHandler(handler: UploadHandler | null | undefined) {
    this.#uploadHandler = handler ?? null;
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
    const session = this.#open?.session;
    return session === undefined ? '' : rejectedMarkdown(session.document, session.unacknowledged);
  }

  /** Drops the edits the server has not taken and shows its document. */
  discardRejected(): void {
    this.#close();
    this.#openSoon();
  }

  /** Shows the history in the place of the text, compared with a version of before or with what was written last. */
  async openHistory(since: number | null = null): Promise<void> {
    await this.#open?.openHistory(since);
  }

  /** Shows the text again. */
  closeHistory(): void {
    this.#open?.closeHistory();
  }

  /** Connects anew, with a fresh token; also after a refusal. */
  reconnect(): void {
    this.#open?.session.reconnect();
  }

  connectedCallback(): void {
    takeEarlyProperties(this);
    // Fetched while the document is, for those who may write.
    void loadChrome().then(
      ({ printStyles }) => adopt(this.#root, printStyles),
      () => {},
    );
    this.#openSoon();
  }

  disconnectedCallback(): void {
    // A move in the page disconnects and connects at once: the document stays open over it.
    queueMicrotask(() => {
      if (!this.isConnected) this.#close();
    });
  }

  attributeChangedCallback(name: (typeof OBSERVED)[number], before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === 'server' || name === 'document') {
      this.#close();
      this.#openSoon();
    } else if (this.#open === null) return;
    else if (name === 'token') this.reconnect();
    else if (name === 'guest-name') {
      this.#open.session.setUser(this.#speaker.user);
      // The log names who the token named when the socket opened.
      this.reconnect();
    } else if (name === 'toolbar') void this.#open.showChrome();
    else if (name === 'label') this.#open.showLabel();
    else this.#open.applyEditable();
  }

  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#formValue.belongTo(form);
  }

  /** A property that was set before this module arrived lies over the accessor. */
  #openSoon(): void {
    if (this.#opening || this.#open !== null) return;
    this.#opening = true;
    // The page may still be setting attributes and the token provider.
    queueMicrotask(() => {
      this.#opening = false;
      if (this.isConnected && this.#open === null) this.#openNow();
    });
  }

  #openNow(): void {
    this.#shell ??= new Shell(this.#root, () => this.#open?.writeBelow(), {
      text: () => this.getRejectedMarkdown(),
      discard: () => this.discardRejected(),
    });
    const emit: Surroundings['emit'] = (name, detail) =>
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    try {
      this.#open = new OpenDocument({
        root: this.#root,
        shell: this.#shell,
        speaker: this.#speaker,
        home: InkwireEditorElement.home,
        settings: () => settingsOf(this),
        uploadHandler: () => this.uploadHandler,
        emit,
      });
    } catch (error) {
      emit('inkwire-error', { error });
      // The page was written wrong. Who writes it looks at the page and at the console, and hears no event yet.
      this.#shell.showProblem((error as Error).message);
      reportError(error);
    }
  }

  #close(): void {
    this.#open?.close();
    this.#open = null;
    this.#shell?.destroy();
  }

  #spokenFor(another: boolean): void {
    // The ids this document writes under belong to whoever signed in before, and the server takes them from nobody else.
    if (another && this.status.waiting === 0) this.discardRejected();
    else this.#open?.session.setUser(this.#speaker.user);
  }
}

export interface InkwireEditorElement extends AttributeProperties {
  addEventListener<Name extends keyof InkwireEventMap>(
    type: Name,
    listener: (this: InkwireEditorElement, event: InkwireEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

reflectAttributes(InkwireEditorElement.prototype);
