import type { Scene } from './scene.ts';

/** Why a case does not hold of a server, as the end of "because …". */
export interface KnownFailure {
  readonly stock?: string;
  readonly inkwire?: string;
  /** It depends on which of two messages is faster, so that the case holds now and then. */
  readonly isRace?: true;
}

/** One thing a Hocuspocus server does for its clients. */
export interface Case {
  /** A sentence that holds of a server that conforms. */
  readonly title: string;
  /** The oldest provider that can show it; every one when left out. */
  readonly since?: 4;
  /** Holds only of a server with the rules of `fixture.ts`; any other is not asked. */
  readonly needsFixture?: true;
  /** A test sees to it that this stays true of stock. */
  readonly knownToFail?: KnownFailure;
  /** Rejects when the sentence does not hold. Everything that is opened through the scene is closed afterwards. */
  readonly run: (scene: Scene) => Promise<void>;
}

/** Cases on one subject. */
export interface CaseGroup {
  readonly title: string;
  /** Shown by real providers, once for each version; frame by frame, where a provider cannot show it; byte by byte, of a WebSocket alone. */
  readonly by: 'provider' | 'frames' | 'bytes';
  readonly cases: readonly Case[];
}
