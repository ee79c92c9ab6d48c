/**
 * The refusals, each once. Over HTTP one is a problem+json (RFC 9457) with its `code`; over a link it is a
 * close code, which tells the client what to do ([W8] of PROTOCOL.md).
 */
interface ErrorRow {
  /** HTTP status. */
  readonly status: number;
  /** WebSocket close code; `null` for a refusal of HTTP alone. */
  readonly close: number | null;
  /** Whether the same request can succeed later, unchanged. */
  readonly retry: boolean;
  /** One sentence for a person; `detail` says what was wrong this time. */
  readonly title: string;
}

export const ERRORS = {
  'bad-name': { status: 400, close: 4400, retry: false, title: 'This is not a document name.' },
  'bad-request': { status: 400, close: null, retry: false, title: 'The request is not understood.' },
  'bad-content': { status: 400, close: null, retry: false, title: 'The content cannot be read in this format.' },
  'malformed-frame': { status: 400, close: 4400, retry: false, title: 'The message is not understood.' },
  'malformed-update': { status: 400, close: 4422, retry: false, title: 'The update is damaged and was not applied.' },
  'sign-in-required': { status: 401, close: 4401, retry: false, title: 'A token is needed.' },
  'token-invalid': { status: 401, close: 4401, retry: false, title: 'The token is not valid.' },
  'token-expired': { status: 401, close: 4440, retry: false, title: 'The token has expired.' },
  'token-revoked': { status: 401, close: 4441, retry: false, title: 'The token was revoked.' },
  forbidden: { status: 403, close: 4403, retry: false, title: 'Your role does not allow this.' },
  'client-id-taken': { status: 403, close: 4409, retry: false, title: 'The edit is made in the name of somebody else.' },
  'origin-refused': { status: 403, close: 4403, retry: false, title: 'This origin may not use this server.' },
  'document-not-found': { status: 404, close: 4404, retry: false, title: 'There is no such document.' },
  'edit-not-found': { status: 404, close: null, retry: false, title: 'There is no such edit of this document.' },
  'version-not-found': { status: 404, close: null, retry: false, title: 'The document has no such version.' },
  'not-found': { status: 404, close: null, retry: false, title: 'There is nothing at this address.' },
  'method-not-allowed': { status: 405, close: null, retry: false, title: 'This address does not take this method.' },
  'unknown-format': { status: 406, close: null, retry: false, title: 'This format is not known.' },
  'edit-in-progress': { status: 409, close: null, retry: true, title: 'The edit of this Idempotency-Key is being made.' },
  'document-exists': { status: 409, close: null, retry: false, title: 'A document of this name exists already.' },
  'share-link-gone': {
    status: 410,
    close: null,
    retry: false,
    title: 'This share link has expired, was revoked or never existed.',
  },
  'document-deleted': { status: 410, close: 4410, retry: false, title: 'The document was deleted.' },
  'link-gone': { status: 410, close: null, retry: false, title: 'The link has ended; open another.' },
  'version-mismatch': { status: 412, close: null, retry: false, title: 'The document has changed since the version you named.' },
  'body-too-large': { status: 413, close: 1009, retry: false, title: 'The body is too large.' },
  'document-too-large': {
    status: 413,
    close: 4413,
    retry: false,
    title: 'The document has reached its size limit; only deletions are taken.',
  },
  'unsupported-media-type': { status: 415, close: null, retry: false, title: 'This kind of content is not accepted here.' },
  'range-not-satisfiable': { status: 416, close: null, retry: false, title: 'There are no such bytes in it.' },
  'host-refused': { status: 421, close: null, retry: false, title: 'This server does not answer to this host name.' },
  'edit-refused': { status: 422, close: null, retry: false, title: 'The edit cannot be made; nothing was changed.' },
  'key-reused': { status: 422, close: null, retry: false, title: 'Another request had this Idempotency-Key.' },
  'content-too-complex': {
    status: 422,
    close: null,
    retry: false,
    title: 'The content is too large or too complex to be converted.',
  },
  'update-required': {
    status: 426,
    close: null,
    retry: false,
    title: 'The document was written by a later version; this one may only read it.',
  },
  'too-many-requests': { status: 429, close: 4429, retry: true, title: 'That is too much in too short a time.' },
  'too-many-connections': { status: 429, close: 4429, retry: true, title: 'There are too many connections of this user or address.' },
  'too-many-documents': { status: 429, close: 4429, retry: false, title: 'One socket cannot hold so many documents.' },
  internal: { status: 500, close: 1011, retry: true, title: 'Something failed on the server.' },
  'secret-required': {
    status: 501,
    close: null,
    retry: false,
    title: 'This server cannot sign tokens: it was started without INKWIRE_SECRET.',
  },
  'keys-unavailable': { status: 503, close: 1013, retry: true, title: 'The keys that tokens are checked with cannot be fetched.' },
  'shutting-down': { status: 503, close: 1012, retry: true, title: 'The server is restarting.' },
  'database-unavailable': { status: 503, close: 1013, retry: true, title: 'The database cannot be reached.' },
  'storage-unavailable': {
    status: 503,
    close: null,
    retry: true,
    title: 'The storage of pictures and files cannot be reached.',
  },
  overloaded: { status: 503, close: 1013, retry: true, title: 'The server holds all the unsaved edits it may.' },
  'server-full': { status: 503, close: 1013, retry: true, title: 'The server holds all the connections it may.' },
  'author-awaited': {
    status: 503,
    close: 1013,
    retry: true,
    title: 'Waiting for the author of an edit that came by way of somebody else.',
  },
  'slow-reader': { status: 503, close: 1013, retry: true, title: 'The client does not read what it is sent.' },
  'conversion-timeout': { status: 503, close: null, retry: false, title: 'The conversion took too long.' },
} as const satisfies Record<string, ErrorRow>;

/** The stable name of a refusal. */
export type ErrorCode = keyof typeof ERRORS;

/** The close code of a refusal; that of a fault for one that links do not know. */
export function closeCode(code: ErrorCode): number {
  return ERRORS[code].close ?? 1011;
}

/** Whether a word is that of a refusal. */
export function isErrorCode(word: string): word is ErrorCode {
  return Object.hasOwn(ERRORS, word);
}

/** A refusal from the table, with what was wrong this time. */
export class InkwireError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? ERRORS[code].title, options);
    this.name = 'InkwireError';
    this.code = code;
  }
}

/** RFC 9457's object for a refusal. `extra` adds members such as the list of known formats. */
export function problem(code: ErrorCode, detail?: string, extra: Record<string, unknown> = {}) {
  const { status, title } = ERRORS[code];
  return { type: `about:blank#${code}`, title, status, code, ...(detail === undefined ? {} : { detail }), ...extra };
}
