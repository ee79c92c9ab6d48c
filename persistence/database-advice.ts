interface Advice {
  /** SQLSTATEs, or codes of the driver and the system. */
  readonly codes: readonly string[];
  /** Which of the messages with these codes; all of them without it. */
  readonly message?: RegExp;
  /** What to do next, as sentences. */
  readonly text: string;
  /** It holds for the embedded Postgres as well; the others correct an address. */
  readonly embedded?: true;
}

/** What to do about a failure; the first that fits is given. */
const ADVICE: readonly Advice[] = [
  { codes: ['3D000'], text: 'Create it ("createdb NAME"), or correct the name at the end of DATABASE_URL.' },
  {
    codes: ['28P01'],
    text: 'Correct the user or the password in DATABASE_URL; in it @ : / ? # and % are percent-encoded (@ is %40).',
  },
  {
    codes: ['28000'],
    message: /no encryption|SSL off/,
    text: 'If it takes encrypted connections only, add ?sslmode=require to DATABASE_URL; otherwise allow this user, host and database in its pg_hba.conf.',
  },
  {
    codes: ['28000'],
    message: /not permitted to log in/,
    text: 'Allow it to ("alter role NAME login"), or name another user in DATABASE_URL.',
  },
  { codes: ['28000'], text: 'Correct the user in DATABASE_URL, or allow this user, host and database in its pg_hba.conf.' },
  {
    codes: ['42501'],
    message: /for database/,
    text: 'Let the user in DATABASE_URL create the schema "inkwire" ("grant create on database NAME to USER"), or run "inkwire migrate" once as a user who may.',
  },
  { codes: ['42501'], text: 'Grant the user in DATABASE_URL the rights on the schema "inkwire" that docs/operating.md lists.' },
  {
    codes: ['53300'],
    text: 'Inkwire takes about ten connections. Raise max_connections or the limit of this role or database, or put a pooler such as pgbouncer between.',
  },
  { codes: ['53100'], text: 'Make room on its disk; what is held is committed then.', embedded: true },
  { codes: ['25006'], text: 'This is a read-only replica or is set to read-only: DATABASE_URL must name a Postgres that takes writes.' },
  { codes: ['57P03'], text: 'Try again in a moment.', embedded: true },
  {
    codes: ['08P01'],
    message: /startup parameter/,
    text: 'Remove the parameter from the end of DATABASE_URL; this pooler does not pass it on.',
  },
  { codes: ['42704'], text: 'Remove the parameter from the end of DATABASE_URL.' },
  { codes: ['ENOTFOUND', 'EAI_AGAIN'], text: 'Correct the host in DATABASE_URL, or see why this machine cannot resolve it.' },
  { codes: ['ECONNREFUSED', 'ENOENT'], text: 'Start the Postgres there, or correct host and port in DATABASE_URL.' },
  {
    codes: ['CONNECT_TIMEOUT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
    text: 'Check host and port in DATABASE_URL, and the firewalls between.',
  },
  {
    codes: ['ECONNRESET'],
    message: /TLS/,
    text: 'It does not speak TLS: turn ssl on in that Postgres, or remove sslmode from DATABASE_URL.',
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    text: 'Name the host in DATABASE_URL as its certificate does; sslmode=require encrypts without checking the certificate.',
  },
  {
    codes: [
      ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_HAS_EXPIRED'],
    ],
    text: 'Name the authority that signed its certificate in NODE_EXTRA_CA_CERTS; sslmode=require encrypts without checking the certificate.',
  },
];

/** What an operator may do about a failure of the database, or `null` when its words say all there is to say. */
export function adviceFor(code: string, message: string, embedded: boolean): string | null {
  const fits = (advice: Advice) => advice.codes.includes(code) && (advice.message?.test(message) ?? true);
  const found = ADVICE.find(fits);
  return found === undefined || (embedded && !found.embedded) ? null : found.text;
}
