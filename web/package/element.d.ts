import type { BasicDocument, BasicEditor, DocumentNode } from './libraries.d.ts';

export type { BasicDocument, BasicEditor, DocumentNode } from './libraries.d.ts';

/**
 * The types of the libraries in the module. It brings them along, so there is no dependency to take their types from. An
 * application that has them for their types names them once, and `editor` and `sharedDocument` have them:
 *
 *     declare module '@inkwire/editor' {
 *       interface Libraries {
 *         editor: import('@tiptap/core').Editor;
 *         document: import('yjs').Doc;
 *       }
 *     }
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications fill it in
export interface Libraries {}

type Library<Name extends string, Otherwise> = Libraries extends { readonly [Key in Name]: infer Type } ? Type : Otherwise;

/** The Tiptap editor. */
export type Editor = Library<'editor', BasicEditor>;

/** The Y.Doc. */
export type SharedDocument = Library<'document', BasicDocument>;

/** Where the document stands for the person who writes in it; `saved` only when every edit of this tab is committed. */
export type StatusKind =
  | 'connecting'
  | 'saving'
  | 'saved'
  | 'reconnecting'
  | 'offline'
  | 'sign-in'
  | 'removed'
  | 'deleted'
  | 'rejected'
  | 'update-required';

export interface Status {
  readonly kind: StatusKind;
  /** Edits the server has not acknowledged. */
  readonly waiting: number;
}

/** What somebody may do with a document, from least to most. */
export type Role = 'view' | 'comment' | 'suggest' | 'edit' | 'admin';

/** Someone who is in the document at this moment. */
export interface Person {
  /** Stable per user, not per tab. */
  readonly id: string;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  /** This tab's own user. */
  readonly self: boolean;
}

/**
 * Returns a token for the document; called on every connection and whenever the server asks for
 * another. An error with the `code` `'forbidden'` says that this user may not come in any more.
 */
export type TokenProvider = (documentName: string) => string | Promise<string>;

/** What an upload tells whoever began it. */
export interface UploadOptions {
  /** Aborted when the person cancels, or the editor is gone. */
  readonly signal: AbortSignal;
  /** How much has gone up, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** Where an uploaded picture or file lies, and what is to be said of it. */
export interface UploadedFile {
  /** A relative or https: address; also data: for a small picture. */
  readonly src: string;
  /** False for what is to be linked rather than shown; by default as the file's own type says. */
  readonly picture?: boolean;
  readonly alt?: string;
  readonly title?: string;
}

/** A page's own way to keep pictures and files; rejects with an `Error` whose message a person can read. */
export type UploadHandler = (file: File, options: UploadOptions) => Promise<UploadedFile>;

/** What the element tells its page: bubbling, composed `CustomEvent`s with this `detail`. */
export interface InkwireEventDetails {
  'inkwire-ready': { readonly editor: Editor };
  'inkwire-change': { readonly local: boolean };
  'inkwire-status': Status;
  'inkwire-synced': Record<never, never>;
  'inkwire-presence': { readonly users: readonly Person[] };
  'inkwire-role': { readonly role: Role; readonly reason: 'expired' | 'revoked' | 'changed' | 'update-required' | null };
  'inkwire-auth-error': { readonly kind: 'sign-in' | 'removed' };
  'inkwire-schema-error': { readonly names: readonly string[] };
  'inkwire-history': { readonly open: boolean; readonly version: number | null };
  'inkwire-error': { readonly error: unknown };
}

export type InkwireEventMap = { [Name in keyof InkwireEventDetails]: CustomEvent<InkwireEventDetails[Name]> };

/** `<inkwire-editor>`: one shared document, written in together. Importing this module defines it. */
export declare class InkwireEditorElement extends HTMLElement {
  /** The attribute `server`: the site or its `/collab` endpoint. */
  server: string | null;
  /** The attribute `document`: the document's name. */
  document: string | null;
  /** The attribute `token`, for development. An application sets `tokenProvider`. */
  token: string | null;
  mode: 'edit' | 'view' | null;
  readOnly: boolean;
  /** The attribute `guest-name`: how others see this person while the server is open to all. */
  guestName: string | null;
  toolbar: 'full' | 'minimal' | 'none' | null;
  theme: 'auto' | 'light' | 'dark' | null;
  /** What is shown while the document is empty. */
  placeholder: string | null;
  /** What screen readers call the text. */
  label: string | null;
  /** As on any form control: the content's HTML is submitted under it. */
  name: string | null;
  /** How the server is reached: by WebSocket, or over HTTP where the network refuses those; `null` while it is not. */
  readonly transport: 'websocket' | 'http' | null;
  /** The same as the last `inkwire-status`. */
  readonly status: Status;
  /** Who is in the document, this tab's own user first. */
  readonly users: readonly Person[];
  /** The Tiptap editor, once the document is on the screen. */
  readonly editor: Editor | null;
  /** The shared document while the element is connected; roots beside `default` and `meta` belong to the page. */
  readonly sharedDocument: SharedDocument | null;
  /** What this user may do, as the server said last; `null` before it has, and always on a server that is open to all. */
  readonly documentRole: Role | null;
  /** The content as HTML, which is what a form submits. */
  readonly value: string;
  readonly form: HTMLFormElement | null;
  /** Set again, the other function is asked the next time a token is needed; `reconnect()` asks at once. */
  get tokenProvider(): TokenProvider | null;
  set tokenProvider(provider: TokenProvider | null | undefined);
  /** The page's own way to keep pictures and files; `null`: they go to the server. */
  get uploadHandler(): UploadHandler | null;
  set uploadHandler(handler: UploadHandler | null | undefined);
  getMarkdown(): Promise<string>;
  getHTML(): string;
  /** The content as ProseMirror JSON. */
  getJSON(): DocumentNode;
  /** The blocks that hold edits the server has not taken, as Markdown; '' when there are none. */
  getRejectedMarkdown(): Promise<string>;
  /** Drops the edits the server has not taken and shows its document. */
  discardRejected(): void;
  /** Shows the history in the place of the text: what was written when and by whom, every version, and the way back. `since` compares with that version at first. */
  openHistory(since?: number | null): Promise<void>;
  /** Shows the text again. */
  closeHistory(): void;
  /** Connects anew, with a fresh token; also after a refusal. */
  reconnect(): void;
  addEventListener<Name extends keyof InkwireEventMap>(
    type: Name,
    listener: (this: InkwireEditorElement, event: InkwireEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** The attributes, as they are written in a page or in JSX. */
export interface InkwireEditorAttributes {
  server?: string | null | undefined;
  document?: string | null | undefined;
  token?: string | null | undefined;
  mode?: 'edit' | 'view' | null | undefined;
  readonly?: boolean | '' | null | undefined;
  'guest-name'?: string | null | undefined;
  toolbar?: 'full' | 'minimal' | 'none' | null | undefined;
  theme?: 'auto' | 'light' | 'dark' | null | undefined;
  placeholder?: string | null | undefined;
  label?: string | null | undefined;
  name?: string | null | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'inkwire-editor': InkwireEditorElement;
  }
}
