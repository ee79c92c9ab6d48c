import type { ForwardRefExoticComponent, HTMLAttributes, ReactNode, RefAttributes } from 'react';
import type { InkwireEditorElement, InkwireEventDetails, InkwireEventMap, TokenProvider, UploadHandler } from './element.d.ts';

/** A listener of an event of the element: what it tells, and the event itself. */
export type Handler<Name extends keyof InkwireEventMap> = (detail: InkwireEventDetails[Name], event: InkwireEventMap[Name]) => void;

export interface InkwireEditorProps extends Omit<HTMLAttributes<InkwireEditorElement>, 'onChange' | 'onError'> {
  /** The server's address, or its `/collab` endpoint. */
  server: string;
  /** The document's name; it is made with the first edit. */
  document: string;
  /** For development. An application gives a `tokenProvider`. */
  token?: string | undefined;
  /** Asked at every connection, and whenever the server wants another token. A function that differs at each render is fine. */
  tokenProvider?: TokenProvider | undefined;
  /** Your own way to keep pictures and files. It, too, may differ at each render. */
  uploadHandler?: UploadHandler | undefined;
  mode?: 'edit' | 'view' | undefined;
  readOnly?: boolean | undefined;
  /** How others see this person while the server is open to all; elsewhere the token says it. */
  guestName?: string | undefined;
  toolbar?: 'full' | 'minimal' | 'none' | undefined;
  theme?: 'auto' | 'light' | 'dark' | undefined;
  /** Shown while the document is empty. */
  placeholder?: string | undefined;
  /** What screen readers call the text. */
  label?: string | undefined;
  /** As on any form control: the content's HTML is submitted under it. */
  name?: string | undefined;
  autoFocus?: boolean | undefined;
  /** What stands in the element's slots, by the attribute `slot`. */
  children?: ReactNode;
  /** The document is on the screen. From here on the element's methods are there. */
  onReady?: Handler<'inkwire-ready'> | undefined;
  /** The content changed, here (`local`) or elsewhere. */
  onChange?: Handler<'inkwire-change'> | undefined;
  /** Where the document stands: `saved` once every edit of this tab is committed. */
  onStatus?: Handler<'inkwire-status'> | undefined;
  /** The server's state has arrived; again after each reconnect. */
  onSynced?: Handler<'inkwire-synced'> | undefined;
  /** Who is in the document changed. */
  onPresence?: Handler<'inkwire-presence'> | undefined;
  /** The server said what this person may do. */
  onRole?: Handler<'inkwire-role'> | undefined;
  /** The server refused the token, or the document. */
  onAuthError?: Handler<'inkwire-auth-error'> | undefined;
  /** The document holds what this version does not know; it is shown for reading. */
  onSchemaError?: Handler<'inkwire-schema-error'> | undefined;
  /** The history was opened or closed, or another version is shown in it. */
  onHistory?: Handler<'inkwire-history'> | undefined;
  /** Something failed that the status does not say. */
  onError?: Handler<'inkwire-error'> | undefined;
}

/**
 * `<inkwire-editor>` as a component of React 18 and later. The editor is fetched, as a chunk of its own, once the first one is on
 * the page; on a server it renders the empty element. `ref` is the element: its methods are there from `onReady` on.
 */
export declare const InkwireEditor: ForwardRefExoticComponent<InkwireEditorProps & RefAttributes<InkwireEditorElement>>;
