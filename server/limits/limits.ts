import type { ErrorCode } from '../../protocol/errors.ts';
import { OPTIONS } from '../options.ts';

/** One limit: how much of what, and what becomes of more. */
interface LimitRow {
  /** Reads on after "at most N". */
  readonly of: string;
  /** The option that sets it. */
  readonly option: keyof typeof OPTIONS;
  /** The refusal, in `protocol/errors.ts`; `null` for what is dropped without a word. */
  readonly code: ErrorCode | null;
  /** What happens to what is too much. */
  readonly beyond: string;
}

/**
 * The limits on what comes in that an operator can set, as docs/options.md shows them. A minute's limit may
 * be spent at once. IPv6 addresses are counted by their /64. Loopback and the addresses of trusted proxies
 * themselves stand for people who cannot be told apart: by address only bad tokens are counted for them.
 */
export const LIMITS = {
  connections: {
    of: 'sockets in all (0: as many as the machine takes)',
    option: 'maxConnections',
    code: 'server-full',
    beyond: 'the upgrade is refused',
  },
  connectionsPerAddress: {
    of: 'sockets of one address',
    option: 'maxConnectionsPerAddress',
    code: 'too-many-connections',
    beyond: 'the upgrade is refused',
  },
  connectionsPerUser: {
    of: 'sockets of one user (`sub`)',
    option: 'maxConnectionsPerUser',
    code: 'too-many-connections',
    beyond: 'the socket is closed when it has signed in',
  },
  unauthenticatedPerAddress: {
    of: 'sockets of one address that have not signed in',
    option: 'maxUnauthenticated',
    code: 'too-many-connections',
    beyond: 'the upgrade is refused',
  },
  authenticationTime: {
    of: 'ms from the upgrade to the first good token, and 6 MiB (in one message: 1009)',
    option: 'authenticationTimeoutMs',
    code: 'sign-in-required',
    beyond: 'the socket is closed',
  },
  messages: {
    of: 'messages a minute of one socket',
    option: 'maxMessagesPerMinute',
    code: 'too-many-requests',
    beyond: 'the socket is read more slowly; after 30 s of it, closed',
  },
  bytes: {
    of: 'bytes a minute of one socket',
    option: 'maxBytesPerMinute',
    code: 'too-many-requests',
    beyond: 'the socket is read more slowly; after 30 s of it, closed',
  },
  documentsPerSocket: {
    of: 'documents open on one socket',
    option: 'maxDocumentsPerSocket',
    code: 'too-many-documents',
    beyond: 'the socket is closed',
  },
  presence: {
    of: 'bytes of presence of one client (shown at most 60 times a second)',
    option: 'maxPresenceBytes',
    code: null,
    beyond: 'it is not shown to others',
  },
  frame: { of: 'bytes in a WebSocket message', option: 'maxFrameBytes', code: 'body-too-large', beyond: 'the socket is closed' },
  document: {
    of: 'bytes in a document',
    option: 'maxDocumentBytes',
    code: 'document-too-large',
    beyond: 'the socket of an edit that is no deletion is closed',
  },
  held: {
    of: 'bytes of edits that wait for the database',
    option: 'maxHeldBytes',
    code: 'overloaded',
    beyond: 'sockets that edit are closed',
  },
  heldPerDocument: {
    of: 'bytes of them in one document',
    option: 'maxHeldBytesPerDocument',
    code: 'overloaded',
    beyond: 'sockets that edit it are closed',
  },
  unread: { of: 'bytes that a client has not read', option: 'maxUnreadBytes', code: 'slow-reader', beyond: 'the socket is closed' },
  requests: {
    of: 'HTTP requests a minute of one address, and of one user',
    option: 'maxRequestsPerMinute',
    code: 'too-many-requests',
    beyond: 'the request is refused',
  },
  body: { of: 'bytes in an HTTP body', option: 'maxBodyBytes', code: 'body-too-large', beyond: 'the request is refused' },
  asset: { of: 'bytes in a picture or file', option: 'maxAssetBytes', code: 'body-too-large', beyond: 'the upload is refused' },
  documentAssets: {
    of: 'bytes in all pictures and files of a document',
    option: 'maxDocumentAssetBytes',
    code: 'document-too-large',
    beyond: 'the upload is refused',
  },
  conversionTime: {
    of: 'ms for one import or export',
    option: 'conversionTimeoutMs',
    code: 'conversion-timeout',
    beyond: 'it is given up',
  },
  badTokens: {
    of: 'tries a minute of one address with a token that is not valid',
    option: 'maxBadTokensPerMinute',
    code: 'too-many-requests',
    beyond: 'a bad token is told this instead of what is wrong with it; good ones pass',
  },
} as const satisfies Record<string, LimitRow>;

/** The table as Markdown, for docs/options.md. */
export function limitsMarkdown(): string {
  const rows = Object.values(LIMITS).map(({ of, option, code, beyond }) => {
    const { env, default: value } = OPTIONS[option];
    return `| ${value} ${of} | \`${env}\` | ${beyond} | ${code === null ? '' : `\`${code}\``} |`;
  });
  return ['| at most | environment | beyond | code |', '|---|---|---|---|', ...rows, ''].join('\n');
}
