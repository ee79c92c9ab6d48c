import { randomUUID } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify, SignJWT } from 'jose';
import { InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import type { MintedToken, NewClaims } from '../ports/access.ts';
import { readSecrets } from '../secret.ts';
import { identityOf } from './claims.ts';
import { PUBLIC_KEY_ALGORITHMS, remoteKeys } from './keys.ts';

/** The longest token, characters; one that names a hundred documents has half of it. */
export const MAX_TOKEN_LENGTH = 8 * 1024;

const SECRET_ALGORITHM = 'HS256';

/** How tokens are signed and checked; the options of `server/options.ts` by the same names. */
export interface TokenOptions {
  /** Secrets separated by commas or white space; '' for none. */
  readonly secret: string;
  /** '' for none. */
  readonly jwksUrl: string;
  /** '' to take any. */
  readonly issuer: string;
  readonly audience: string;
  readonly clockToleranceSeconds: number;
  /** Least time between two fetches of the JWKS that unknown keys ask for, ms; 30 s without it. */
  readonly jwksCooldownMs?: number;
}

/** Checks tokens and makes them; knows nothing of revocations. */
export class Tokens {
  readonly #options: TokenOptions;
  readonly #secrets: readonly Uint8Array[];
  readonly #remoteKeys: JWTVerifyGetKey | null;
  readonly #clock: () => number;

  /** `clock` in milliseconds since 1970. */
  constructor(options: TokenOptions, clock: () => number) {
    this.#options = options;
    this.#secrets = readSecrets(options.secret).map((secret) => new TextEncoder().encode(secret));
    const cooldown = options.jwksCooldownMs === undefined ? {} : { cooldownMs: options.jwksCooldownMs };
    this.#remoteKeys = options.jwksUrl === '' ? null : remoteKeys(options.jwksUrl, { clock, ...cooldown });
    this.#clock = clock;
  }

  /** Whether there is a secret to mint tokens with. */
  get canMint(): boolean {
    return this.#secrets.length > 0;
  }

  /**
   * Who the token speaks for. Throws `sign-in-required` for '', `token-invalid`, `token-expired`, and
   * `keys-unavailable` when the keys cannot be fetched. `expiredForMs` takes one that ended so long ago.
   */
  async verify(token: string, expiredForMs = 0): Promise<Identity> {
    if (token === '') throw new InkwireError('sign-in-required');
    if (token.length > MAX_TOKEN_LENGTH) throw new InkwireError('token-invalid', `It is longer than ${MAX_TOKEN_LENGTH} characters.`);
    const { issuer, audience, clockToleranceSeconds } = this.#options;
    const now = this.#clock();
    const checks: JWTVerifyOptions = {
      clockTolerance: clockToleranceSeconds + expiredForMs / 1000,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
      ...(issuer === '' ? {} : { issuer }),
      ...(audience === '' ? {} : { audience }),
    };
    try {
      return identityOf(await this.#payloadOf(token, checks), { now, clockToleranceSeconds });
    } catch (error) {
      throw refusal(error);
    }
  }

  /**
   * Makes a token, signed with the first secret; `issuedAt` in milliseconds since 1970. Throws
   * `secret-required`, and `bad-request` for claims that `verify` would refuse.
   */
  async mint(claims: NewClaims, issuedAt = this.#clock()): Promise<MintedToken> {
    const [secret] = this.#secrets;
    if (secret === undefined) throw new InkwireError('secret-required');
    const { issuer, audience } = this.#options;
    const tokenId = randomUUID();
    const payload: JWTPayload = {
      sub: claims.sub,
      name: claims.name,
      access: claims.access,
      jti: tokenId,
      // The milliseconds stay, so that "issued before the revocation" is exact.
      iat: issuedAt / 1000,
      exp: issuedAt / 1000 + claims.expiresInSeconds,
      ...(claims.shareLink === undefined ? {} : { link: claims.shareLink }),
      ...(issuer === '' ? {} : { iss: issuer }),
      ...(audience === '' ? {} : { aud: audience }),
    };
    const { expiresAt } = mintable(payload, issuedAt);
    const token = await new SignJWT(payload).setProtectedHeader({ alg: SECRET_ALGORITHM, typ: 'JWT' }).sign(secret);
    if (token.length > MAX_TOKEN_LENGTH) throw new InkwireError('bad-request', 'The token would be too long: name fewer documents in it.');
    return { token, tokenId, expiresAt };
  }

  /** The payload of a token whose signature and times are good. The algorithm decides which keys are asked, never the other way round. */
  async #payloadOf(token: string, checks: JWTVerifyOptions): Promise<JWTPayload> {
    const { alg } = decodeProtectedHeader(token);
    if (alg === SECRET_ALGORITHM && this.canMint) {
      return verifiedByOneOf(token, this.#secrets, { ...checks, algorithms: [SECRET_ALGORITHM] });
    }
    if (this.#remoteKeys !== null && PUBLIC_KEY_ALGORITHMS.includes(alg ?? '')) {
      const options = { ...checks, algorithms: PUBLIC_KEY_ALGORITHMS };
      try {
        return (await jwtVerify(token, this.#remoteKeys, options)).payload;
      } catch (error) {
        // A token that does not name its key, while an old and a young one are served.
        if (error instanceof errors.JWKSMultipleMatchingKeys) return await verifiedByOneOf(token, error, options);
        throw error;
      }
    }
    throw new InkwireError('token-invalid', 'It is not signed in a way this server accepts.');
  }
}

type Key = Parameters<typeof jwtVerify>[1];

async function verifiedByOneOf(
  token: string,
  keys: Iterable<Uint8Array> | AsyncIterable<Exclude<Key, JWTVerifyGetKey>>,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function mintable(payload: JWTPayload, now: number): { expiresAt: number } {
  try {
    const identity = identityOf(payload, { now, clockToleranceSeconds: 0 });
    if (identity.expiresAt === null || identity.expiresAt <= now) throw new InkwireError('bad-request', 'It would have expired already.');
    return { expiresAt: identity.expiresAt };
  } catch (error) {
    throw new InkwireError('bad-request', error instanceof Error ? error.message : undefined);
  }
}

/** jose's errors in ours. What is said shows nothing of the token but the name of a claim. */
function refusal(error: unknown): InkwireError {
  if (error instanceof InkwireError) return error;
  if (error instanceof errors.JWTExpired) return new InkwireError('token-expired');
  const detail =
    error instanceof errors.JWTClaimValidationFailed
      ? `Its claim "${error.claim}" is ${error.reason === 'missing' ? 'missing' : 'not what this server expects'}.`
      : error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey
        ? 'It is not signed with a key of this server.'
        : 'It is not a signed JSON Web Token.';
  return new InkwireError('token-invalid', detail, { cause: error });
}
