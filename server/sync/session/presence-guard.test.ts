import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Identity } from '../../../protocol/identity.ts';
import { PresenceGuard } from './presence-guard.ts';

const SERVER_ID = 99;
const MAX_STATE_BYTES = 1_000;

function person(sub: string, verified = true): Identity {
  return { sub, name: `${sub} by token`, verified, tokenId: null, shareLink: null, issuedAt: null, expiresAt: null, access: {} };
}

/** Client id, clock, state. */
type Said = readonly [clientId: number, clock: number, state: unknown];

function update(...said: readonly Said[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, said.length);
    for (const [clientId, clock, state] of said) {
      encoding.writeVarUint(encoder, clientId);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, JSON.stringify(state));
    }
  });
}

/** What the admitted part of an update makes of nobody. */
function admitted(bytes: Uint8Array | null): Record<number, unknown> {
  if (bytes === null) return {};
  const awareness = new Awareness(new Y.Doc());
  awareness.setLocalState(null);
  applyAwarenessUpdate(awareness, bytes, null);
  awareness.doc.destroy();
  return Object.fromEntries(awareness.getStates());
}

/** Somebody in the document, and the ids that leave with them. */
function join(guard: PresenceGuard, identity: Identity) {
  const clients = new Set<number>();
  return { presence: guard.join(() => identity, clients, MAX_STATE_BYTES), clients };
}

describe('presence', () => {
  it('[P1] is admitted under the first id a connection sends a state for, and under no other', () => {
    const { presence, clients } = join(new PresenceGuard({ clientID: SERVER_ID }), person('ada', false));
    assert.equal(presence.admit(update([6, 1, null])), null, 'somebody who leaves is not somebody who comes');
    const own = update([7, 1, { cursor: 1 }]);
    assert.equal(presence.admit(own), own, 'the bytes are not copied');
    assert.equal(presence.admit(update([8, 1, { cursor: 1 }])), null);
    assert.equal(presence.admit(update([8, 2, null])), null);
    assert.deepEqual(admitted(presence.admit(update([8, 1, { as: 'bob' }], [7, 2, { cursor: 2 }], [9, 1, {}]))), { 7: { cursor: 2 } });
    assert.deepEqual([...clients], [7]);
  });

  it('[P1] keeps an id from everyone else as long as its connection is there', () => {
    const guard = new PresenceGuard({ clientID: SERVER_ID });
    const ada = join(guard, person('ada'));
    const eve = join(guard, person('eve'));
    assert.ok(ada.presence.admit(update([7, 1, {}])));
    assert.equal(eve.presence.admit(update([7, 5, {}])), null);
    assert.equal(eve.presence.admit(update([7, 5, null])), null);
    assert.ok(ada.presence.admit(update([7, 2, null])), 'its own connection may end it');
    assert.equal(eve.presence.admit(update([7, 5, {}])), null, 'and come back');
    ada.presence.leave();
    assert.ok(eve.presence.admit(update([7, 5, {}])));
  });

  it('[P1] keeps the id of the server itself from everyone', () => {
    const { presence } = join(new PresenceGuard({ clientID: SERVER_ID }), person('eve'));
    assert.equal(presence.admit(update([SERVER_ID, 1, {}])), null);
  });

  it('goes over to the newer connection of the same person, which it leaves with', () => {
    const guard = new PresenceGuard({ clientID: SERVER_ID });
    const before = join(guard, person('ada'));
    const after = join(guard, person('ada'));
    before.presence.admit(update([7, 1, {}]));
    assert.ok(after.presence.admit(update([7, 1, {}])));
    assert.deepEqual([...before.clients], []);
    assert.deepEqual([...after.clients], [7]);
    assert.equal(before.presence.admit(update([7, 2, {}])), null);
    before.presence.leave();
    const eve = join(guard, person('eve'));
    assert.equal(eve.presence.admit(update([7, 3, {}])), null, 'the old connection does not free what it has lost');
  });

  it('[P1] shows a verified user under the name and the id of the token', () => {
    const { presence } = join(new PresenceGuard({ clientID: SERVER_ID }), person('ada'));
    const ada = { id: 'ada', name: 'ada by token' };
    const shown = (state: unknown, clock: number) => admitted(presence.admit(update([7, clock, state])))[7];
    const said = {
      cursor: { anchor: 3 },
      user: { id: 'bob', name: 'Bob', color: '#A0b1c2', colorLight: '#a0b1c233', avatar: 'https://x' },
    };
    assert.deepEqual(shown(said, 1), { cursor: { anchor: 3 }, user: { ...ada, color: '#A0b1c2', colorLight: '#a0b1c233' } });
    for (const color of ['red', '#fff', 'url(https://x)', '#a0b1c2;', 7, null])
      assert.deepEqual(shown({ user: { color } }, 2), { user: ada });
    for (const state of [{}, { user: 'Bob' }, { user: null }, [], 'Bob', 7]) assert.deepEqual(shown(state, 3), { user: ada });
  });

  it('[P2] leaves with the connection also when it had gone and come back', () => {
    const { presence, clients } = join(new PresenceGuard({ clientID: SERVER_ID }), person('ada'));
    presence.admit(update([7, 1, {}]));
    presence.admit(update([7, 2, null]));
    clients.clear();
    presence.admit(update([7, 3, {}]));
    assert.deepEqual([...clients], [7]);
  });

  it('[L3] is dropped when it is longer than it may be', () => {
    const { presence } = join(new PresenceGuard({ clientID: SERVER_ID }), person('ada', false));
    const empty = JSON.stringify({ text: '' }).length;
    const state = (bytes: number) => ({ text: 'x'.repeat(bytes - empty) });
    assert.ok(presence.admit(update([7, 1, state(MAX_STATE_BYTES)])));
    assert.equal(presence.admit(update([7, 2, state(MAX_STATE_BYTES + 1)])), null);
    assert.ok(presence.admit(update([7, 3, {}])), 'the next one counts again');
  });

  it('throws on bytes that end too early, whatever they claim', () => {
    const { presence } = join(new PresenceGuard({ clientID: SERVER_ID }), person('ada', false));
    const whole = update([7, 1, { cursor: 1 }]);
    for (let length = 0; length < whole.length; length++)
      assert.throws(() => presence.admit(whole.subarray(0, length)), `cut at ${length}`);
    assert.throws(() => presence.admit(new Uint8Array([255, 255, 255, 127])));
  });
});
