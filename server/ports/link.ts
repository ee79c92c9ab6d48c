import type { ErrorCode } from '../../protocol/errors.ts';

/**
 * What a transport gives for one client: a way to send it frames, in order, each whole. Every
 * transport passes the suite of `server/transport/testing/link-contract.ts`.
 */
export interface Link {
  /** 0 connecting, 1 open, 2 closing, 3 closed, as in the WebSocket standard. */
  readonly readyState: number;
  /** Bytes that the client has not taken yet. */
  readonly bufferedAmount: number;
  /** Sends a frame, which must not be changed later. Does nothing when the link is not open. */
  send(frame: Uint8Array): void;
  /** Calls back once all that is buffered has been taken. */
  onceDrained(callback: () => void): void;
  /** Stops and restarts reading; what was read before may still come. */
  pause(): void;
  resume(): void;
  /** Sends what is buffered, then ends the link with a close code of the error table. `reason` is at most 123 bytes of UTF-8. */
  close(code: number, reason: string): void;
}

/** What a transport tells of its link. */
export interface LinkListener {
  /** A frame came in. It is a view into memory that the transport may use again once this returns, unless the frame fills it. */
  receive(frame: Uint8Array): void;
  /** Something that cannot be a frame came in, such as text. */
  refuse(code: ErrorCode): void;
  /** The link has ended; nothing follows. */
  closed(end: LinkEnd): void;
}

/** How a link has ended. */
export interface LinkEnd {
  /** Who ended it. `silence`: it was given up, for nothing came from its client any more; `network`: it broke off without a word. */
  readonly by: 'client' | 'server' | 'network' | 'silence';
  /** The close code: the server's if it ended the link, else what came in; 1006 for none. */
  readonly code: number;
  /** Why, in the words of the server that ended it; `null` for any other end: what a client says may be content. */
  readonly reason: string | null;
}

/** How a client asked for its link. */
export interface LinkRequest {
  /** The request's path with its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
