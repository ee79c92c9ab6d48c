import { randomBytes } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import type { TokenOptions } from './tokens.ts';

/** Where the clocks of these tests stand, in milliseconds since 1970: a quarter past a full second. */
export const NOON = Date.UTC(2026, 4, 1, 12) + 250;

/** A clock that stands still until it is set. */
export function stoppedClock(at = NOON): { (): number; now: number } {
  const clock = () => clock.now;
  clock.now = at;
  return clock;
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function tokenOptions(options: Partial<TokenOptions> = {}): TokenOptions {
  return { secret: '', jwksUrl: '', issuer: '', audience: '', clockToleranceSeconds: 5, jwksCooldownMs: 0, ...options };
}

/** The claims of a good token at noon, with an hour to live. */
export function claims(more: Record<string, unknown> = {}): JWTPayload {
  return { sub: 'ada', name: 'Ada', exp: NOON / 1000 + 3600, access: { 'team/*': 'edit' }, ...more };
}

/** Signs whatever it is given, as an application with a library of its own would. */
export function signed(payload: JWTPayload, key: Parameters<SignJWT['sign']>[0] | string, alg = 'HS256', kid?: string): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .sign(typeof key === 'string' ? new TextEncoder().encode(key) : key);
}

/** A token of any header and payload with any text for its signature. */
export function forged(header: unknown, payload: unknown, signature = ''): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}
