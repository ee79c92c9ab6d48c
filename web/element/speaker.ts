import { caretColorOf } from './people/caret-colors.ts';
import { browserStorage, cleanName, type Guest, guestToken, loadGuest } from './people/guest.ts';
import type { PresenceUser } from './session.ts';
import { claimsOf, type TokenClaims } from './token-claims.ts';

/** Returns a token for the document; called on every connection and whenever the server asks for another, so each may be fresh. */
export type TokenProvider = (documentName: string) => string | Promise<string>;

/** Who this tab speaks as: whom its token names, or the guest of this browser while the server is open to all. */
export class Speaker {
  tokenProvider: TokenProvider | null = null;
  readonly #host: HTMLElement;
  readonly #onChange: (another: boolean) => void;
  #guest: Guest | null = null;
  #claims: TokenClaims | null = null;
  #held: string | null = null;

  /** Reads the attributes `token` and `guest-name` of `host`. `onChange` when a token names its bearer otherwise; `another`: it is of another `sub` than the token before. */
  constructor(host: HTMLElement, onChange: (another: boolean) => void) {
    this.#host = host;
    this.#onChange = onChange;
  }

  async token(documentName: string): Promise<string> {
    const token = await (this.tokenProvider?.(documentName) ?? this.#host.getAttribute('token') ?? guestToken(this.#guestName));
    this.#held = token;
    const before = this.#claims;
    this.#claims = claimsOf(token);
    const another = before?.sub !== this.#claims?.sub;
    if (another || before?.name !== this.#claims?.name) this.#onChange(another && before !== null);
    return token;
  }

  /** The token that was given last, or another one. */
  heldToken(documentName: string, another: boolean): Promise<string> {
    return another || this.#held === null ? this.token(documentName) : Promise.resolve(this.#held);
  }

  /** What presence says; the server puts the token's own `sub` and name in their place. */
  get user(): PresenceUser {
    const id = this.#claims?.sub ?? this.#ownGuest.id;
    const color = caretColorOf(id);
    return { id, name: cleanName(this.#claims?.name ?? '') ?? this.#guestName, color, colorLight: `${color}33` };
  }

  get #guestName(): string {
    return cleanName(this.#host.getAttribute('guest-name') ?? '') ?? this.#ownGuest.name;
  }

  get #ownGuest(): Guest {
    this.#guest ??= loadGuest(browserStorage(), () => crypto.randomUUID(), Math.random);
    return this.#guest;
  }
}
