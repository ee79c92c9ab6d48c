import type { Role } from '../../protocol/role.ts';
import { redeemShareLink } from './api.ts';
import { store, stored } from './storage.ts';

const key = (documentName: string) => `inkwire.share:${documentName}`;

/**
 * A visit by share link. Its secret is kept in this browser, so that the document opens again without
 * the link; so is the last token, by which a visitor stays the same person when it is renewed.
 */
export class ShareVisit {
  readonly documentName: string;
  role: Role | null = null;
  readonly #secret: string;
  #token: string | null;

  private constructor(documentName: string, secret: string, token: string | null) {
    this.documentName = documentName;
    this.#secret = secret;
    this.#token = token;
  }

  /** A link was opened for this document. */
  static begin(documentName: string, secret: string): ShareVisit {
    const before = ShareVisit.known(documentName);
    if (before !== null && before.#secret === secret) return before;
    const visit = new ShareVisit(documentName, secret, null);
    visit.#keep();
    return visit;
  }

  /** The visit this browser remembers for a document. */
  static known(documentName: string): ShareVisit | null {
    try {
      const value: unknown = JSON.parse(stored('localStorage', key(documentName)) ?? 'null');
      if (typeof value !== 'object' || value === null) return null;
      const { secret, token } = value as Record<string, unknown>;
      return typeof secret === 'string' ? new ShareVisit(documentName, secret, typeof token === 'string' ? token : null) : null;
    } catch {
      return null;
    }
  }

  /** The token of the moment; `null` before the first. */
  get token(): string | null {
    return this.#token;
  }

  /** A fresh token, under the name others are to see. Throws `ApiError`: `share-link-gone`, or the server is away. */
  async renew(name: string): Promise<string> {
    const { token, role } = await redeemShareLink({
      secret: this.#secret,
      name,
      ...(this.#token === null ? {} : { previousToken: this.#token }),
    });
    this.#token = token;
    this.role = role;
    this.#keep();
    return token;
  }

  /** The document asks for the link again. */
  forget(): void {
    store('localStorage', key(this.documentName), null);
  }

  #keep(): void {
    store('localStorage', key(this.documentName), JSON.stringify({ secret: this.#secret, token: this.#token }));
  }
}
