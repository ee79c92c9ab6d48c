import type { HookName } from '@hocuspocus/server';

/** A hook as Inkwire runs it; docs/extensions.md has a row for each. */
export interface HookRow {
  /** How long the server waits for it, ms; what happens then is what happens when it throws. */
  readonly timeoutMs: number;
  /** Whether what it throws is an answer – a refusal, a "no" – rather than a fault to be logged as one. */
  readonly mayRefuse: boolean;
}

const SECOND = 1_000;

/** Somebody waits to be let in. */
const ENTRY: HookRow = { timeoutMs: 30 * SECOND, mayRefuse: true };
/** One member's frames wait. */
const FRAME: HookRow = { timeoutMs: 30 * SECOND, mayRefuse: true };
/** Nobody waits. */
const NOTICE: HookRow = { timeoutMs: 60 * SECOND, mayRefuse: false };

export const HOOKS: Readonly<Record<HookName, HookRow>> = {
  onConfigure: { timeoutMs: 30 * SECOND, mayRefuse: false },
  onListen: { timeoutMs: 30 * SECOND, mayRefuse: false },
  onUpgrade: ENTRY,
  onRequest: { timeoutMs: 60 * SECOND, mayRefuse: true },
  onConnect: ENTRY,
  onAuthenticate: ENTRY,
  onTokenSync: ENTRY,
  onCreateDocument: ENTRY,
  onLoadDocument: { timeoutMs: 60 * SECOND, mayRefuse: false },
  afterLoadDocument: ENTRY,
  connected: ENTRY,
  beforeHandleMessage: FRAME,
  beforeSync: FRAME,
  beforeHandleAwareness: FRAME,
  afterHandleMessage: { ...FRAME, mayRefuse: false },
  onStateless: { timeoutMs: 60 * SECOND, mayRefuse: true },
  beforeBroadcastStateless: NOTICE,
  onChange: NOTICE,
  onAwarenessUpdate: NOTICE,
  onStoreDocument: NOTICE,
  afterStoreDocument: NOTICE,
  onDisconnect: NOTICE,
  beforeUnloadDocument: { timeoutMs: 30 * SECOND, mayRefuse: true },
  afterUnloadDocument: NOTICE,
  onDestroy: { timeoutMs: 5 * SECOND, mayRefuse: false },
};

export const HOOK_NAMES = Object.keys(HOOKS) as readonly HookName[];
