/** Where Redis is, as `REDIS_URL` says. */
export type RedisAddress =
  | { readonly kind: 'server'; readonly url: string }
  | {
      readonly kind: 'cluster';
      readonly urls: readonly string[];
      readonly username: string;
      readonly password: string;
      readonly tls: boolean;
    }
  | {
      readonly kind: 'sentinel';
      readonly hosts: readonly { readonly host: string; readonly port: number }[];
      /** What the Sentinels call the primary. */
      readonly primary: string;
      readonly username: string;
      readonly password: string;
      readonly tls: boolean;
    };

const FORMS =
  'must be redis://host:6379, redis+cluster://host:6379,host:6379 or redis+sentinel://host:26379,host:26379/primary (rediss for TLS)';
const SHAPE = /^redis(s?)(\+cluster|\+sentinel)?:\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^/?#]*))?$/;

/** Reads `REDIS_URL`. Throws an error whose message says what it must be, and holds nothing of it: there may be a password in it. */
export function readRedisUrl(url: string): RedisAddress {
  const match = SHAPE.exec(url);
  if (match === null) throw new RangeError(FORMS);
  const [, secure, form, login = '', hosts = '', path = ''] = match;
  const tls = secure === 's';
  const colon = login.indexOf(':');
  const username = decoded(colon < 0 ? login : login.slice(0, colon));
  const password = colon < 0 ? '' : decoded(login.slice(colon + 1));
  const list = hosts.split(',').map(readHost);
  if (form === '+cluster') {
    return { kind: 'cluster', urls: list.map(({ host, port }) => `redis${secure}://${host}:${port ?? 6379}`), username, password, tls };
  }
  if (form === '+sentinel') {
    if (path === '') throw new RangeError(FORMS);
    return {
      kind: 'sentinel',
      hosts: list.map(({ host, port }) => ({ host, port: port ?? 26_379 })),
      primary: decoded(path),
      username,
      password,
      tls,
    };
  }
  if (list.length !== 1 || !/^\d*$/.test(path)) throw new RangeError(FORMS);
  return { kind: 'server', url };
}

function readHost(text: string): { host: string; port: number | null } {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) throw new RangeError(FORMS);
  return { host: match[1]!, port: match[2] === undefined ? null : Number(match[2]) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError(FORMS);
  }
}
