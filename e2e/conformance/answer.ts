import type { Case } from './case.ts';
import type { ProviderKit } from './providers.ts';

/** A server to be asked. */
export interface Candidate {
  readonly title: string;
  readonly url: string;
  /** What lets a client in to read and write. */
  readonly token: string;
  /** It follows the rules of `fixture.ts`. */
  readonly isFixture: boolean;
  /** Whose known failures are its own; `null` for a server nothing is known of. */
  readonly id: 'inkwire' | 'stock' | null;
}

/** How a case ended. */
export type Outcome =
  | { readonly kind: 'holds' }
  /** `reason` is what was waited for or compared in vain; `known` says why, where that was expected. */
  | { readonly kind: 'fails'; readonly reason: string; readonly known: string | null }
  /** The server does not follow the rules of the fixture. */
  | { readonly kind: 'not-asked' }
  /** This version of the provider has no such thing. */
  | { readonly kind: 'cannot-show' };

/** What a server made of one case. */
export interface Answer {
  readonly candidate: Candidate;
  /** `null` when a bare socket asked. */
  readonly kit: Pick<ProviderKit, 'version'> | null;
  readonly case: Case;
  readonly outcome: Outcome;
}
