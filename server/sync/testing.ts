import { cutEdit } from '../../document/updates/cut-edit.ts';
import type { LoadedDocument } from '../../persistence/document-store.ts';
import type { LogWriter } from '../../persistence/log-writer.ts';
import { hocuspocus } from '../../protocol/codec.ts';
import type { Identity } from '../../protocol/identity.ts';
import type { Link } from '../ports/link.ts';
import type { RoomMember } from './room-member.ts';
import type { RoomParts } from './room-parts.ts';

/** What is stored of a document called "plan". */
export function stored(parts: Partial<LoadedDocument> = {}): LoadedDocument {
  return {
    handle: { name: 'plan', id: '1', epoch: 1, head: 0 },
    snapshot: null,
    snapshotSeq: 0,
    updates: [],
    head: 0,
    schemaVersion: 1,
    clientIds: new Map(),
    retiredClientIds: new Set(),
    ...parts,
  };
}

/** A log that keeps what is appended, and commits when the test says so. */
export class ManualLog {
  readonly appended: Uint8Array[] = [];
  readonly authors: (string | null)[] = [];
  #waiting: (() => void)[] = [];

  get writer(): LogWriter {
    const writer: Partial<LogWriter> = {
      append: (_, update, author) => {
        this.appended.push(update);
        this.authors.push(author);
      },
      afterCommit: (_, callback) => void this.#waiting.push(callback),
      pending: () => false,
      isFull: () => false,
    };
    return writer as LogWriter;
  }

  commit(): void {
    for (const callback of this.#waiting.splice(0)) callback();
  }
}

/** What a room asks of the rest, when nothing is stored but what goes to `writer`. */
export function partsAround(writer: LogWriter = new ManualLog().writer): RoomParts {
  const store = {
    setTitle: async () => {},
    raiseSchemaVersion: async () => {},
    reclaim: async () => stored(),
  };
  return {
    store,
    writer,
    compact: async () => null,
    loadState: async () => new Uint8Array([0, 0]),
    cut: async (job) => cutEdit(job),
    now: () => 0,
    onQuiet: () => {},
    onError: () => {},
  };
}

/** A guest, or the person a token says. */
export function person(sub: string, parts: Partial<Identity> = {}): Identity {
  return {
    sub,
    name: `${sub} by token`,
    verified: false,
    tokenId: null,
    shareLink: null,
    issuedAt: null,
    expiresAt: null,
    access: { '*': 'admin' },
    ...parts,
  };
}

/** A member of a room who notes what is forwarded. */
export class Onlooker implements RoomMember {
  readonly codec = hocuspocus;
  readonly address = 'plan';
  readonly schemaVersion = Number.NaN;
  readonly identity: Identity;
  readonly received: ('text' | 'presence')[] = [];
  readonly frames: Uint8Array[] = [];

  constructor(identity: Identity = person('ada')) {
    this.identity = identity;
  }

  forwardUpdate(frame: Uint8Array): void {
    this.received.push('text');
    this.frames.push(frame);
  }

  forwardPresence(): void {
    this.received.push('presence');
  }

  outdate(): void {}
  deleted(): void {}
}

/** A link that records what is sent, and whose client reads when the test says so. */
export class TestLink implements Link {
  readonly sent: Uint8Array[] = [];
  readonly closes: (readonly [code: number, reason: string])[] = [];
  readyState = 1;
  bufferedAmount = 0;
  paused = false;
  #drained: (() => void)[] = [];

  send(frame: Uint8Array): void {
    this.sent.push(frame);
  }

  onceDrained(callback: () => void): void {
    this.#drained.push(callback);
  }

  /** The client has read all there is. */
  drain(): void {
    this.bufferedAmount = 0;
    for (const callback of this.#drained.splice(0)) callback();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  close(code: number, reason: string): void {
    this.closes.push([code, reason]);
    this.readyState = 2;
  }
}
