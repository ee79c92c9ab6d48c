import { basePath, bucketUrl, databaseAddress, integer, keySetUrl, oneOf, redisAddress, secrets, someOf, text } from './option-values.ts';

/**
 * An option of the server. Flags, help, validation and docs/options.md come from the table of these; what a
 * command takes besides stands with the command (`commands/`). A unit is in the option's name.
 */
export interface OptionRow<T> {
  readonly env: string;
  /** `null` for what must not stand in the list of processes, where every user of the machine reads it. */
  readonly flag: string | null;
  readonly default: T;
  readonly help: string;
  /** Turns the text into a value, or throws a `RangeError` that ends the sentence "`ENV` …". */
  readonly parse: (text: string) => T;
}

/** What the database driver can send in one statement, with room to spare: it writes bytes as hex, and a string of V8 holds 512 MB. */
const MAX_UPDATE_BYTES = 128 * 1024 * 1024;

const row = <T>(option: OptionRow<T>) => option;

export const OPTIONS = {
  host: row({ env: 'HOST', flag: 'host', default: '127.0.0.1', help: 'address to listen on', parse: text }),
  port: row({ env: 'PORT', flag: 'port', default: 8787, help: 'port to listen on; 0 takes a free one', parse: integer(0, 65_535) }),
  socket: row({
    env: 'INKWIRE_SOCKET',
    flag: 'socket',
    default: '',
    help: 'path of a Unix socket to listen on in place of host and port, for a proxy on this machine, whose X-Forwarded-For, -Proto and -Host are believed',
    parse: text,
  }),
  basePath: row({
    env: 'INKWIRE_BASE_PATH',
    flag: 'base-path',
    default: '',
    help: 'the path that everything is under, such as /docs, where a proxy has something else at its root; it may take it off or leave it on',
    parse: basePath,
  }),
  databaseUrl: row({
    env: 'DATABASE_URL',
    flag: 'database-url',
    default: '',
    help: 'a Postgres 15 or later; without it an embedded Postgres is started',
    parse: databaseAddress,
  }),
  dataDir: row({
    env: 'INKWIRE_DATA_DIR',
    flag: 'data-dir',
    default: './.inkwire',
    help: 'where the embedded Postgres keeps its data',
    parse: text,
  }),
  redisUrl: row({
    env: 'REDIS_URL',
    flag: null,
    default: '',
    help: 'a Redis 7 or later, or Valkey, that carries messages between several servers of one database: redis://host:6379, redis+cluster://host,host or redis+sentinel://host,host/primary; rediss for TLS',
    parse: redisAddress,
  }),
  broker: row({
    env: 'INKWIRE_BROKER',
    flag: 'broker',
    default: 'auto',
    help: 'what carries messages between several servers of one database: redis, postgres (LISTEN and NOTIFY) or none; auto is redis where REDIS_URL is set',
    parse: oneOf('auto', 'none', 'redis', 'postgres') as (value: string) => string,
  }),
  secret: row({
    env: 'INKWIRE_SECRET',
    flag: null,
    default: '',
    help: 'signs tokens and checks them, 32 bytes at least; of several, separated by commas, the first signs and all check; with neither it nor a JWKS URL, the server is open to this machine only',
    parse: secrets,
  }),
  jwksUrl: row({
    env: 'INKWIRE_JWKS_URL',
    flag: 'jwks-url',
    default: '',
    help: 'public keys (JWKS) of who else signs tokens, with RS256, ES256 or EdDSA',
    parse: keySetUrl,
  }),
  issuer: row({ env: 'INKWIRE_ISSUER', flag: 'issuer', default: '', help: 'the iss a token must have', parse: text }),
  audience: row({ env: 'INKWIRE_AUDIENCE', flag: 'audience', default: '', help: 'the aud a token must have', parse: text }),
  clockToleranceSeconds: row({
    env: 'INKWIRE_CLOCK_TOLERANCE_SECONDS',
    flag: 'clock-tolerance-seconds',
    default: 5,
    help: 'how far the clock of who signs tokens may be off',
    parse: integer(0, 300),
  }),
  logLevel: row({
    env: 'LOG_LEVEL',
    flag: 'log-level',
    default: 'info',
    help: 'trace, debug, info, warn, error or silent; debug tells the life of things, by ids',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent') as (value: string) => string,
  }),
  transports: row({
    env: 'INKWIRE_TRANSPORTS',
    flag: 'transports',
    default: 'websocket,http',
    help: 'the ways in for editors, separated by commas: websocket, and http where networks refuse it',
    parse: someOf('websocket', 'http'),
  }),
  origins: row({
    env: 'INKWIRE_ORIGINS',
    flag: 'origins',
    default: '',
    help: 'origins whose pages may use the server beside its own, such as https://app.example.com; separated by commas',
    parse: text,
  }),
  trustedProxies: row({
    env: 'INKWIRE_TRUSTED_PROXIES',
    flag: 'trusted-proxies',
    default: '',
    help: 'addresses and networks of the proxies whose X-Forwarded-For, -Proto and -Host are believed; separated by commas',
    parse: text,
  }),
  tlsCert: row({
    env: 'INKWIRE_TLS_CERT',
    flag: 'tls-cert',
    default: '',
    help: 'PEM file with the certificate and its chain, to speak HTTPS; read again when it changes',
    parse: text,
  }),
  tlsKey: row({ env: 'INKWIRE_TLS_KEY', flag: 'tls-key', default: '', help: 'PEM file with its private key', parse: text }),
  headersTimeoutMs: row({
    env: 'INKWIRE_HEADERS_TIMEOUT_MS',
    flag: 'headers-timeout-ms',
    default: 10_000,
    help: 'longest time the headers of a request, or a TLS handshake, may take',
    parse: integer(100, 600_000),
  }),
  requestTimeoutMs: row({
    env: 'INKWIRE_REQUEST_TIMEOUT_MS',
    flag: 'request-timeout-ms',
    default: 120_000,
    help: 'longest time a whole request may take to arrive',
    parse: integer(100, 3_600_000),
  }),
  maxConnections: row({
    env: 'INKWIRE_MAX_CONNECTIONS',
    flag: 'max-connections',
    default: 0,
    help: 'most sockets at a time; 0 for as many as the machine takes',
    parse: integer(0, 10_000_000),
  }),
  maxConnectionsPerAddress: row({
    env: 'INKWIRE_MAX_CONNECTIONS_PER_ADDRESS',
    flag: 'max-connections-per-address',
    default: 1_000,
    help: 'most sockets of one address at a time',
    parse: integer(1, 10_000_000),
  }),
  maxConnectionsPerUser: row({
    env: 'INKWIRE_MAX_CONNECTIONS_PER_USER',
    flag: 'max-connections-per-user',
    default: 200,
    help: 'most sockets of one user at a time',
    parse: integer(1, 10_000_000),
  }),
  maxUnauthenticated: row({
    env: 'INKWIRE_MAX_UNAUTHENTICATED',
    flag: 'max-unauthenticated',
    default: 100,
    help: 'most sockets of one address that have not signed in',
    parse: integer(1, 10_000_000),
  }),
  authenticationTimeoutMs: row({
    env: 'INKWIRE_AUTHENTICATION_TIMEOUT_MS',
    flag: 'authentication-timeout-ms',
    default: 10_000,
    help: 'longest time a socket may take to sign in',
    parse: integer(100, 600_000),
  }),
  maxMessagesPerMinute: row({
    env: 'INKWIRE_MAX_MESSAGES_PER_MINUTE',
    flag: 'max-messages-per-minute',
    default: 300_000,
    help: 'most messages of one socket a minute, all at once if need be; beyond, it is read more slowly',
    parse: integer(1, 1_000_000_000),
  }),
  maxBytesPerMinute: row({
    env: 'INKWIRE_MAX_BYTES_PER_MINUTE',
    flag: 'max-bytes-per-minute',
    default: 256 * 1024 * 1024,
    help: 'the same, bytes',
    parse: integer(1024, 1024 ** 4),
  }),
  maxRequestsPerMinute: row({
    env: 'INKWIRE_MAX_REQUESTS_PER_MINUTE',
    flag: 'max-requests-per-minute',
    default: 6_000,
    help: 'most HTTP requests of one address, and of one user, a minute',
    parse: integer(1, 1_000_000_000),
  }),
  maxBadTokensPerMinute: row({
    env: 'INKWIRE_MAX_BAD_TOKENS_PER_MINUTE',
    flag: 'max-bad-tokens-per-minute',
    default: 60,
    help: 'most tries of one address a minute with a token that is not valid',
    parse: integer(1, 1_000_000_000),
  }),
  maxBodyBytes: row({
    env: 'INKWIRE_MAX_BODY_BYTES',
    flag: 'max-body-bytes',
    default: 10 * 1024 * 1024,
    help: 'largest HTTP body',
    parse: integer(1024, MAX_UPDATE_BYTES),
  }),
  maxFrameBytes: row({
    env: 'INKWIRE_MAX_FRAME_BYTES',
    flag: 'max-frame-bytes',
    default: 32 * 1024 * 1024,
    help: 'largest WebSocket message',
    parse: integer(1024, MAX_UPDATE_BYTES),
  }),
  maxHeldBytes: row({
    env: 'INKWIRE_MAX_HELD_BYTES',
    flag: 'max-held-bytes',
    default: 256 * 1024 * 1024,
    help: 'most bytes of edits held while the database is away',
    parse: integer(1024, 64 * 1024 ** 3),
  }),
  maxHeldBytesPerDocument: row({
    env: 'INKWIRE_MAX_HELD_BYTES_PER_DOCUMENT',
    flag: 'max-held-bytes-per-document',
    default: 64 * 1024 * 1024,
    help: 'the same, for one document',
    parse: integer(1024, 64 * 1024 ** 3),
  }),
  maxDocumentBytes: row({
    env: 'INKWIRE_MAX_DOCUMENT_BYTES',
    flag: 'max-document-bytes',
    default: 128 * 1024 * 1024,
    help: 'largest document; past it only deletions are taken',
    parse: integer(1024, 1024 ** 3),
  }),
  maxAssetBytes: row({
    env: 'INKWIRE_MAX_ASSET_BYTES',
    flag: 'max-asset-bytes',
    default: 25 * 1024 * 1024,
    help: 'largest picture or file that is uploaded',
    parse: integer(1024, 16 * 1024 ** 3),
  }),
  maxDocumentAssetBytes: row({
    env: 'INKWIRE_MAX_DOCUMENT_ASSET_BYTES',
    flag: 'max-document-asset-bytes',
    default: 2 * 1024 ** 3,
    help: 'the same, for all of one document',
    parse: integer(1024, 1024 ** 4),
  }),
  assetGraceHours: row({
    env: 'INKWIRE_ASSET_GRACE_HOURS',
    flag: 'asset-grace-hours',
    default: 24,
    help: 'how long a picture or file is kept that nothing needs: its edit may still wait on a device',
    parse: integer(0, 8_760),
  }),
  s3Url: row({
    env: 'INKWIRE_S3_URL',
    flag: 's3-url',
    default: '',
    help: 'bucket of S3-compatible storage, with a prefix if need be, that pictures and files are moved to; without it they stay in Postgres',
    parse: bucketUrl,
  }),
  s3Region: row({ env: 'INKWIRE_S3_REGION', flag: 's3-region', default: 'us-east-1', help: 'its region', parse: text }),
  s3AccessKeyId: row({ env: 'INKWIRE_S3_ACCESS_KEY_ID', flag: null, default: '', help: 'the key to it', parse: text }),
  s3SecretAccessKey: row({ env: 'INKWIRE_S3_SECRET_ACCESS_KEY', flag: null, default: '', help: 'the secret of that key', parse: text }),
  maxDocumentsPerSocket: row({
    env: 'INKWIRE_MAX_DOCUMENTS_PER_SOCKET',
    flag: 'max-documents-per-socket',
    default: 200,
    help: 'most documents open on one socket',
    parse: integer(1, 1_000_000),
  }),
  maxPresenceBytes: row({
    env: 'INKWIRE_MAX_PRESENCE_BYTES',
    flag: 'max-presence-bytes',
    default: 8 * 1024,
    help: 'largest presence of one client: a caret, a name and room to spare',
    parse: integer(256, 1024 ** 2),
  }),
  tokenGraceMs: row({
    env: 'INKWIRE_TOKEN_GRACE_MS',
    flag: 'token-grace-ms',
    default: 30_000,
    help: 'how long a socket whose token has ended may stay, read-only, until it brings another',
    parse: integer(0, 3_600_000),
  }),
  slowReaderBytes: row({
    env: 'INKWIRE_SLOW_READER_BYTES',
    flag: 'slow-reader-bytes',
    default: 1024 * 1024,
    help: 'unread bytes of a client beyond which it gets no presence, and text as one difference later',
    parse: integer(1024, 1024 ** 3),
  }),
  maxUnreadBytes: row({
    env: 'INKWIRE_MAX_UNREAD_BYTES',
    flag: 'max-unread-bytes',
    default: 16 * 1024 * 1024,
    help: 'unread bytes of a client beyond which its socket is closed',
    parse: integer(1024, 1024 ** 3),
  }),
  conversionTimeoutMs: row({
    env: 'INKWIRE_CONVERSION_TIMEOUT_MS',
    flag: 'conversion-timeout-ms',
    default: 30_000,
    help: 'longest time one import or export may take',
    parse: integer(100, 3_600_000),
  }),
  fonts: row({
    env: 'INKWIRE_FONTS',
    flag: 'fonts',
    default: '',
    help: 'folders of fonts (.ttf, .otf) for PDFs, separated by colons, beside those of the system and those that are shipped: Chinese, Japanese and Korean need one',
    parse: text,
  }),
  historyRole: row({
    env: 'INKWIRE_HISTORY_ROLE',
    flag: 'history-role',
    default: 'view',
    help: 'who may look at the history of a document: whoever may view it, or only who may edit it',
    parse: oneOf('view', 'edit') as (value: string) => string,
  }),
  shutdownTimeoutMs: row({
    env: 'INKWIRE_SHUTDOWN_TIMEOUT_MS',
    flag: 'shutdown-timeout-ms',
    default: 10_000,
    help: 'longest time a shutdown may take',
    parse: integer(100, 600_000),
  }),
} as const;
