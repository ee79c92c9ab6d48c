import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { InkwireError } from '../../protocol/errors.ts';

/** The algorithms of a set of public keys. HMAC is not among them: a public key is no secret, and nobody may sign with it. */
export const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];

const FETCH_TIMEOUT_MS = 5_000;
const MAX_SET_BYTES = 256 * 1024;
/** How old the set may grow before it is fetched again: so long a key lives on that was withdrawn. */
const REFRESH_MS = 10 * 60 * 1000;
/** The same while the server of the set does not answer. */
const OLDEST_MS = 60 * 60 * 1000;
const PAUSE_AFTER_FAILURE_MS = 5_000;

export interface RemoteKeysOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Least time between two fetches that unknown keys ask for, ms. */
  readonly cooldownMs?: number;
}

/**
 * The keys at a JWKS URL, fetched when the first token needs one, kept, and fetched again when a token
 * names an unknown one. The resolver throws `keys-unavailable` when it has none and gets none, and
 * jose's errors when the set lacks the key.
 */
export function remoteKeys(url: string, { clock, cooldownMs = 30_000 }: RemoteKeysOptions): JWTVerifyGetKey {
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let failedAt = Number.NEGATIVE_INFINITY;
  const set = createRemoteJWKSet(new URL(url), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: cooldownMs,
    // Age is looked after below, where keys outlive a failure to fetch them.
    cacheMaxAge: Number.POSITIVE_INFINITY,
    [customFetch]: async (resource, init) => {
      // A flood of tokens must not become a flood of requests to somebody who is down.
      if (clock() - failedAt < Math.min(PAUSE_AFTER_FAILURE_MS, cooldownMs)) throw new Error('the last try failed a moment ago');
      try {
        const response = await readKeySet(await fetch(resource, init));
        fetchedAt = clock();
        return response;
      } catch (error) {
        failedAt = clock();
        throw error;
      }
    },
  });

  const refresh = async (): Promise<void> => {
    const age = clock() - fetchedAt;
    if (age < REFRESH_MS) return;
    try {
      await set.reload();
    } catch (error) {
      if (age > OLDEST_MS) throw error;
    }
  };

  return async (header, token) => {
    try {
      await refresh();
      return await set(header, token);
    } catch (error) {
      if (isAboutTheToken(error)) throw error;
      throw new InkwireError('keys-unavailable', undefined, { cause: error });
    }
  };
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

/** The response once it was read and found to be a key set of a bounded size. */
async function readKeySet(response: Response): Promise<Response> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`it was answered with ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_SET_BYTES) throw new Error(`it is larger than ${MAX_SET_BYTES} bytes`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString();
  createLocalJWKSet(JSON.parse(body));
  return new Response(body);
}
