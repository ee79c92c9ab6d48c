import { readRedisUrl } from './redis-address.ts';
import { readSecrets } from './secret.ts';

/**
 * How the texts of options become values: each returns the value, or throws a `RangeError` that ends the sentence
 * "`ENV` …".
 */

/** Any text. */
export const text = (value: string) => value;

/** What the server has at the root of its own. */
const OWN_PATHS = ['api', 'assets', 'collab', 'd', 'embed', 'y'];

/** A path without a slash at its end; '' and '/' for none. Letters that mean the same in an address, a header and a page. */
export function basePath(value: string): string {
  const path = value.trim().replace(/\/+$/, '');
  if (path === '') return '';
  if (!/^(?:\/[\w~-][\w.~-]*)+$/.test(path))
    throw new RangeError(`must be a path such as /docs, of letters, digits, "-", "_", "~" and ".", not "${value}"`);
  const first = path.split('/')[1]!;
  if (OWN_PATHS.includes(first)) throw new RangeError(`must not begin with /${first}, which the server has itself`);
  return path;
}

/** A whole number within bounds. */
export function integer(least: number, most: number) {
  return (value: string): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most || value.trim() === '') {
      throw new RangeError(`must be a whole number from ${least} to ${most}, not "${value}"`);
    }
    return number;
  };
}

/** One of these words. */
export function oneOf<const T extends string>(...values: T[]) {
  return (value: string): T => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw new RangeError(`must be one of ${values.join(', ')}, not "${value}"`);
    return found;
  };
}

/** One or more of these words, separated by commas. */
export function someOf(...values: readonly string[]) {
  return (value: string): string => {
    const words = value.split(',').map((word) => word.trim());
    const unknown = words.find((word) => !values.includes(word));
    if (unknown !== undefined) throw new RangeError(`must be some of ${values.join(', ')}, separated by commas, not "${unknown}"`);
    return words.join(',');
  };
}

/** What tokens are signed with, see `readSecrets`. */
export function secrets(value: string): string {
  readSecrets(value);
  return value;
}

/** The address of a bucket. The keys to it are options of their own. */
export function bucketUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new RangeError('must be an address such as https://s3.example.com/bucket');
  if (url.username !== '' || url.password !== '') throw new RangeError('must hold no key: there are options for it');
  if (url.search !== '' || url.hash !== '') throw new RangeError('must be the address of a bucket, with a path at most');
  return url.href;
}

/** The address of a Postgres. The message holds nothing of it: there may be a password in it. */
export function databaseAddress(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  // An @ behind the host: the password holds what ends a host, and the rest of it would be shown as the name of one.
  const whole = url !== null && !`${url.pathname}${url.search}${url.hash}`.includes('@');
  if (whole && (url.protocol === 'postgres:' || url.protocol === 'postgresql:')) return value;
  throw new RangeError(
    'must be an address such as postgres://user:password@host:5432/database; in user and password @ : / ? # and % are percent-encoded (@ is %40)',
  );
}

/** Where Redis is, see `readRedisUrl`. */
export function redisAddress(value: string): string {
  readRedisUrl(value);
  return value;
}

/** An address that the server fetches from; the only other is the bucket's. */
export function keySetUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && loopback)) throw new RangeError('must be an https address');
  if (url.username !== '' || url.password !== '') throw new RangeError('must hold no password');
  return url.href;
}
