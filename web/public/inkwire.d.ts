import type { Editor, JSONContent } from '@tiptap/core';
import type { Doc } from 'yjs';

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
  'inkwire-error': { readonly error: unknown };
}

export type InkwireEventMap = { [Name in keyof InkwireEventDetails]: CustomEvent<InkwireEventDetails[Name]> };

/** `<inkwire-editor>`: one shared document, written in together. Importing this module defines it; see docs/editor.md. */
export declare class InkwireEditorElement extends HTMLElement {
  /** The same as the last `inkwire-status`. */
  readonly status: Status;
  /** Who is in the document, this tab's own user first. */
  readonly users: readonly Person[];
  /** The Tiptap editor, once the document is on the screen. */
  readonly editor: Editor | null;
  /** The shared document while the element is connected; roots beside `default` and `meta` belong to the page. */
  readonly sharedDocument: Doc | null;
  /** What this user may do, as the server said last; `null` before it has, and always on a server that is open to all. */
  readonly documentRole: Role | null;
  /** The content as HTML, which is what a form submits. */
  readonly value: string;
  readonly form: HTMLFormElement | null;
  tokenProvider: TokenProvider | null;
  getMarkdown(): Promise<string>;
  getHTML(): string;
  /** The content as ProseMirror JSON. */
  getJSON(): JSONContent;
  /** The blocks that hold edits the server has not taken, as Markdown; '' when there are none. */
  getRejectedMarkdown(): Promise<string>;
  /** Drops the edits the server has not taken and shows its document. */
  discardRejected(): void;
  /** Connects anew, with a fresh token; also after a refusal. */
  reconnect(): void;
  addEventListener<Name extends keyof InkwireEventMap>(
    type: Name,
    listener: (this: InkwireEditorElement, event: InkwireEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'inkwire-editor': InkwireEditorElement;
  }
}
