import { z } from 'zod';
import { MAX_NAME_BYTES, nameProblem } from '../../protocol/document-name.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import { ROLES, type Role } from '../../protocol/role.ts';
import { displayName } from './display-name.ts';

const MAX_PATTERNS = 100;

/** No token is taken that lives longer: revocations are forgotten some time after (migrations/0004-access.sql). */
export const MAX_LIFE_DAYS = 366;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Text that stands in the log and in Postgres: 1–255 bytes of UTF-8 without control characters. */
const word = z
  .string('must be a text')
  .refine((text) => isWord(text), `must be a text of 1 to ${MAX_NAME_BYTES} bytes without control characters`);

/** Seconds since 1970; fractions are permitted (RFC 7519, "NumericDate"). */
const moment = z.number('must be a number of seconds since 1970');

const access = z
  .record(
    z.string(),
    z.custom<Role>((value) => ROLES.includes(value as Role), `must be one of ${ROLES.join(', ')}`),
    'must map names or patterns to roles',
  )
  .refine((patterns) => Object.keys(patterns).length <= MAX_PATTERNS, `must hold at most ${MAX_PATTERNS} patterns`)
  .refine((patterns) => Object.keys(patterns).every((pattern) => nameProblem(pattern) === null), 'must hold document names and patterns');

const CLAIMS = z.object({
  sub: word,
  name: z.string('must be a text').refine((name) => displayName(name, '') !== '', 'must not be blank'),
  exp: moment,
  iat: moment.optional(),
  jti: word.optional(),
  link: word.optional(),
  access: access.default({}),
});

export interface ClaimsCheck {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly clockToleranceSeconds: number;
}

/**
 * The identity in the claims of a token whose signature is good and whose `exp`, `nbf`, `iss` and
 * `aud` were checked. Throws `token-invalid` with a sentence about the claim that is wrong.
 */
export function identityOf(payload: unknown, { now, clockToleranceSeconds }: ClaimsCheck): Identity {
  const parsed = CLAIMS.safeParse(payload);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`Its claim "${issue?.path.join('.') ?? ''}" ${issue?.message ?? 'is not good'}.`);
  }
  const { sub, name, exp, iat, jti, link, access } = parsed.data;
  // One from the future would be younger than a revocation to come.
  if (iat !== undefined && iat * 1000 > now + clockToleranceSeconds * 1000)
    throw invalid('It was issued in the future: are the clocks right?');
  if (exp * 1000 - Math.min(now, (iat ?? Infinity) * 1000) > MAX_LIFE_DAYS * DAY_MS) {
    throw invalid(`It lives longer than ${MAX_LIFE_DAYS} days.`);
  }
  return {
    sub,
    name: displayName(name, sub),
    verified: true,
    tokenId: jti ?? null,
    shareLink: link ?? null,
    issuedAt: iat === undefined ? null : Math.round(iat * 1000),
    expiresAt: Math.round(exp * 1000),
    access,
  };
}

/** Whether a text may be a `sub`, a `jti` or a `link`. */
export function isWord(text: string): boolean {
  return nameProblem(text) === null;
}

function invalid(detail: string): InkwireError {
  return new InkwireError('token-invalid', detail);
}
