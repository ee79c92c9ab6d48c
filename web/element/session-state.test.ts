import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type EventType,
  INITIAL,
  isAdmitted,
  isConnected,
  next,
  type Phase,
  type SessionEvent,
  type SessionState,
  triesAgain,
} from './session-state.ts';

const PHASES: readonly Phase[] = ['waiting', 'open', 'admitted', 'synced', 'closed'];

const EVENTS: { readonly [Type in EventType]: Extract<SessionEvent, { type: Type }> } = {
  opened: { type: 'opened' },
  admitted: { type: 'admitted' },
  denied: { type: 'denied', reason: 'token-invalid' },
  synced: { type: 'synced' },
  lost: { type: 'lost', code: 1006 },
  missed: { type: 'missed', code: 1006 },
  silent: { type: 'silent' },
  answered: { type: 'answered' },
  told: { type: 'told', message: { type: 'inkwire/role', role: 'edit', reason: null } },
  tokenless: { type: 'tokenless' },
  barred: { type: 'barred' },
  foreign: { type: 'foreign' },
  retried: { type: 'retried' },
  closed: { type: 'closed' },
};

const at = (phase: Phase, parts: Partial<SessionState> = {}): SessionState => ({ ...INITIAL, phase, ...parts });
const after = (state: SessionState, ...events: readonly SessionEvent[]) => events.reduce(next, state);

describe('the state of a session', () => {
  it('goes from each phase to the one that the diagram says, whatever happens', () => {
    const to: Record<Phase, Partial<Record<EventType, Phase>>> = {
      waiting: { opened: 'open', closed: 'closed' },
      open: { admitted: 'admitted', synced: 'synced', lost: 'waiting', closed: 'closed' },
      admitted: { synced: 'synced', lost: 'waiting', closed: 'closed' },
      synced: { lost: 'waiting', closed: 'closed' },
      closed: {},
    };
    for (const phase of PHASES) {
      for (const [type, event] of Object.entries(EVENTS)) {
        assert.equal(next(at(phase), event).phase, to[phase][type as EventType] ?? phase, `${type} while ${phase}`);
      }
    }
  });

  it('never leaves closed, and nothing happens there', () => {
    for (const event of Object.values(EVENTS)) assert.deepEqual(next(at('closed'), event), at('closed'));
  });

  it('forgets no refusal but by another try, a good token, or a connection that ends with "later"', () => {
    const lifts: EventType[] = ['retried'];
    for (const phase of PHASES.filter((each) => each !== 'closed')) {
      for (const [type, event] of Object.entries(EVENTS)) {
        const { refusal } = next(at(phase, { refusal: 'deleted' }), event);
        const isAnother = type === 'denied' || type === 'barred';
        assert.equal(refusal, lifts.includes(type as EventType) ? null : isAnother ? refusal : 'deleted', `${type} while ${phase}`);
      }
    }
    assert.equal(after(at('open', { refusal: 'sign-in' }), EVENTS.admitted).refusal, null);
    assert.equal(after(at('open', { refusal: 'sign-in' }), { type: 'lost', code: 1013 }).refusal, null, 'it was the server, not the token');
    assert.equal(after(at('open', { refusal: 'sign-in' }), { type: 'lost', code: 1006 }).refusal, 'sign-in', 'a cut says nothing');
  });

  it('is refused by the close codes that say so, and asks for another token once it was in', () => {
    for (const [code, refusal] of [
      [4410, 'deleted'],
      [4403, 'removed'],
      [4422, 'rejected'],
      [4401, 'sign-in'],
      [1012, null],
      [4205, null],
    ] as const) {
      assert.equal(after(at('open'), { type: 'lost', code }).refusal, refusal, String(code));
    }
    for (const code of [4401, 4440, 4441]) assert.equal(after(at('synced'), { type: 'lost', code }).refusal, null);
  });

  it('counts connections that fail before they sync, and starts again with one that does', () => {
    const failed = after(INITIAL, EVENTS.opened, EVENTS.lost, EVENTS.opened, EVENTS.admitted, EVENTS.lost);
    assert.equal(failed.failures, 2);
    assert.equal(after(failed, EVENTS.opened, EVENTS.admitted, EVENTS.synced).failures, 0);
    assert.equal(after(at('synced'), EVENTS.lost).failures, 0);
  });

  it('counts attempts that fail while there is no connection, and none that fail beside one', () => {
    assert.equal(after(at('waiting'), EVENTS.missed, EVENTS.missed, EVENTS.missed).failures, 3);
    const hung: SessionEvent = { type: 'missed', code: null };
    assert.equal(after(at('waiting'), hung, hung, hung).failures, 2, 'enough to say so, and no reason to wait');
    for (const phase of ['open', 'admitted', 'synced'] as const) assert.equal(next(at(phase), EVENTS.missed).failures, 0);
  });

  it('takes a server for silent until it answers or brings the document, on whichever connection', () => {
    const silent = next(at('synced'), EVENTS.silent);
    assert.equal(silent.silent, true);
    assert.equal(next(silent, EVENTS.answered).silent, false);
    const taken = after(silent, EVENTS.lost, EVENTS.opened, EVENTS.admitted);
    assert.equal(taken.silent, true, 'the second connection is open, and has brought nothing');
    assert.equal(next(taken, EVENTS.synced).silent, false);
    assert.equal(next(at('waiting'), EVENTS.silent).silent, false);
  });

  it('goes on with what it holds when there is no token to renew it with, and waits when there is none to begin', () => {
    for (const phase of ['admitted', 'synced'] as const) assert.equal(next(at(phase), EVENTS.tokenless).tokenFailed, false);
    const without = after(at('open'), EVENTS.tokenless, EVENTS.denied);
    assert.equal(triesAgain(without), true, 'whoever makes the tokens may be back in a moment');
    assert.equal(triesAgain(after(at('open'), EVENTS.denied)), false);
    const answered = after(without, { type: 'lost', code: 4205 }, EVENTS.opened, { type: 'denied', reason: 'permission-denied' });
    assert.equal(triesAgain(answered), false, 'a token that there was, and that was refused, is an answer');
    assert.equal(triesAgain(after(answered, { type: 'lost', code: 1006 })), false);
  });

  it('keeps the role while the token has run out, and knows a later schema for good', () => {
    const told = (role: 'view' | 'edit', reason: 'expired' | 'update-required' | null): SessionEvent => ({
      type: 'told',
      message: { type: 'inkwire/role', role, reason },
    });
    const expired = after(at('synced'), told('edit', null), told('view', 'expired'));
    assert.deepEqual([expired.role, expired.expired], ['edit', true]);
    const outdated = after(expired, told('view', 'update-required'), told('edit', null));
    assert.deepEqual([outdated.role, outdated.expired, outdated.outdated], ['edit', false, true]);
  });

  it('is connected and admitted as its phase says', () => {
    assert.deepEqual(
      PHASES.filter((phase) => isConnected(at(phase))),
      ['open', 'admitted', 'synced'],
    );
    assert.deepEqual(
      PHASES.filter((phase) => isAdmitted(at(phase))),
      ['admitted', 'synced'],
    );
  });
});
