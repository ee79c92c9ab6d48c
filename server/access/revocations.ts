import type { Revocation } from '../../persistence/access-store.ts';
import type { Identity } from '../../protocol/identity.ts';

/** The revocations this process knows of. */
export class Revocations {
  readonly #byValue = {
    token: new Map<string, Revocation>(),
    subject: new Map<string, Revocation>(),
    'share-link': new Map<string, Revocation>(),
  };
  #last = 0n;

  /** The largest id seen, to ask for what came after it. */
  get last(): bigint {
    return this.#last;
  }

  /** True when one of them was not known. */
  add(revocations: readonly Revocation[]): boolean {
    let grew = false;
    for (const revocation of revocations) {
      const known = this.#byValue[revocation.kind];
      if ((known.get(revocation.value)?.id ?? 0n) >= revocation.id) continue;
      known.set(revocation.value, revocation);
      grew = true;
    }
    return grew;
  }

  /** Adds revocations that are all there are up to the last of them. */
  addNext(revocations: readonly Revocation[]): boolean {
    const last = revocations.at(-1);
    if (last !== undefined && last.id > this.#last) this.#last = last.id;
    return this.add(revocations);
  }

  /** Drops those whose tokens have all expired. */
  forget(now: number): void {
    for (const known of Object.values(this.#byValue)) {
      for (const { value, expiresAt } of known.values()) if (expiresAt < now) known.delete(value);
    }
  }

  /** Whether the token of an identity was revoked; one that does not say when it was issued is older than every revocation. */
  includes({ tokenId, sub, shareLink, issuedAt }: Omit<Identity, 'access'>): boolean {
    if (tokenId !== null && this.#byValue.token.has(tokenId)) return true;
    const since = Math.max(this.#until('subject', sub), this.#until('share-link', shareLink));
    return issuedAt === null ? since > 0 : issuedAt <= since;
  }

  /** The first moment at which a token can be issued that no revocation means, milliseconds since 1970; 0 when that is any. */
  issuableFrom({ sub, shareLink }: { sub: string; shareLink?: string | undefined }): number {
    return Math.max(this.#until('subject', sub), this.#until('share-link', shareLink ?? null)) + 1;
  }

  #until(kind: 'subject' | 'share-link', value: string | null): number {
    return value === null ? 0 : (this.#byValue[kind].get(value)?.revokedAt ?? 0);
  }
}
