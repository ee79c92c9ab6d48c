import { ERRORS, type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import type { Visit } from '../ports/visit.ts';

/** What came of a token. */
export type Checked =
  | { readonly kind: 'good'; readonly identity: Identity }
  /** It is no good; the same one never will be. */
  | { readonly kind: 'refused'; readonly code: ErrorCode }
  /** It could not be checked: the same one may be good in a moment. */
  | { readonly kind: 'unchecked'; readonly code: ErrorCode }
  /** Its bearer has tried, or opened, more than they may; the link is to be closed. */
  | { readonly kind: 'too-many'; readonly code: ErrorCode };

export interface SignInParts {
  /** Who a token speaks for; a refusal is an `InkwireError` that a retry does not help. */
  readonly identify: (token: string) => Promise<Identity>;
  readonly onError: (what: string, error: unknown) => void;
}

/** Checks tokens: the one that lets a client in, and each that follows it. A bad one counts whenever it comes. */
export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async check(token: string, visit: Visit | null): Promise<Checked> {
    let identity: Identity;
    try {
      identity = await this.#parts.identify(token);
    } catch (error) {
      return this.#failed(error, visit);
    }
    const tooMany = visit?.signedIn(identity) ?? null;
    return tooMany === null ? { kind: 'good', identity } : { kind: 'too-many', code: tooMany };
  }

  #failed(error: unknown, visit: Visit | null): Checked {
    if (error instanceof InkwireError && !ERRORS[error.code].retry) {
      const tooMany = error.code === 'token-invalid' ? (visit?.badToken() ?? null) : null;
      if (tooMany !== null) return { kind: 'too-many', code: tooMany };
      visit?.refused(error.code);
      return { kind: 'refused', code: error.code };
    }
    this.#parts.onError('checking a token', error);
    return { kind: 'unchecked', code: error instanceof InkwireError ? error.code : 'internal' };
  }
}

/** What a client is told whose token was refused: what is wrong with it, or what stock Hocuspocus says of a document it may not see. */
export function refusalReason(code: ErrorCode): string {
  return ERRORS[code].status === 401 ? code : 'permission-denied';
}
