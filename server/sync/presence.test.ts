import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Identity } from '../../protocol/identity.ts';
import { Presence } from './presence.ts';
import { Onlooker, person as somebody } from './testing.ts';

const SERVER_ID = 99;
const MAX_STATE_BYTES = 1_000;

const person = (sub: string, verified = true): Identity => somebody(sub, { verified });

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

/** A room's presence, and who is in its awareness. */
function room() {
  const doc = new Y.Doc();
  const presence = new Presence({
    serverId: SERVER_ID,
    makeAwareness: () => {
      const awareness = new Awareness(doc);
      awareness.setLocalState(null);
      return awareness;
    },
    onChange: () => {},
  });
  return { presence, shown: () => [...(presence.awareness?.getStates().keys() ?? [])], end: () => doc.destroy() };
}

/** Somebody in the room. */
function join(presence: Presence, identity: Identity) {
  return presence.join(new Onlooker(identity), MAX_STATE_BYTES);
}

describe('presence', () => {
  it('[P1] [W6] is admitted under the first id a member sends a state for, and under no other', () => {
    const presence = join(room().presence, person('ada', false));
    assert.equal(presence.own(update([6, 1, null])), null, 'somebody who leaves is not somebody who comes');
    const own = update([7, 1, { cursor: 1 }]);
    assert.equal(presence.own(own), own, 'the bytes are not copied');
    assert.equal(presence.own(update([8, 1, { cursor: 1 }])), null);
    assert.equal(presence.own(update([8, 2, null])), null);
    assert.deepEqual(admitted(presence.own(update([8, 1, { as: 'bob' }], [7, 2, { cursor: 2 }], [9, 1, {}]))), { 7: { cursor: 2 } });
  });

  it('[P1] keeps an id from everyone else as long as its member is there', () => {
    const guard = room().presence;
    const ada = join(guard, person('ada'));
    const eve = join(guard, person('eve'));
    assert.ok(ada.own(update([7, 1, {}])));
    assert.equal(eve.own(update([7, 5, {}])), null);
    assert.equal(eve.own(update([7, 5, null])), null);
    assert.ok(ada.own(update([7, 2, null])), 'its own member may end it');
    assert.equal(eve.own(update([7, 5, {}])), null, 'and come back');
    guard.leave(ada);
    assert.ok(eve.own(update([7, 5, {}])));
  });

  it('[P1] keeps the id of the server itself from everyone', () => {
    const presence = join(room().presence, person('eve'));
    assert.equal(presence.own(update([SERVER_ID, 1, {}])), null);
  });

  it('goes over to the newer member of the same person, with whom it leaves', (t) => {
    const { presence, shown, end } = room();
    t.after(end);
    const [before, after, eve] = [join(presence, person('ada')), join(presence, person('ada')), join(presence, person('eve'))];
    presence.receive(before, update([7, 1, {}]));
    presence.receive(after, update([7, 2, {}]));
    assert.equal(before.own(update([7, 3, {}])), null);
    presence.leave(before);
    assert.deepEqual(shown(), [7], 'the old one does not take along what it has lost');
    assert.equal(eve.own(update([7, 3, {}])), null, 'nor free it');
    presence.leave(after);
    assert.deepEqual(shown(), []);
  });

  it('[P1] shows a verified user under the name and the id of the token', () => {
    const presence = join(room().presence, person('ada'));
    const ada = { id: 'ada', name: 'ada by token' };
    const shown = (state: unknown, clock: number) => admitted(presence.own(update([7, clock, state])))[7];
    const said = {
      cursor: { anchor: 3 },
      user: { id: 'bob', name: 'Bob', color: '#A0b1c2', colorLight: '#a0b1c233', avatar: 'https://x' },
    };
    assert.deepEqual(shown(said, 1), { cursor: { anchor: 3 }, user: { ...ada, color: '#A0b1c2', colorLight: '#a0b1c233' } });
    for (const color of ['red', '#fff', 'url(https://x)', '#a0b1c2;', 7, null])
      assert.deepEqual(shown({ user: { color } }, 2), { user: ada });
    for (const state of [{}, { user: 'Bob' }, { user: null }, [], 'Bob', 7]) assert.deepEqual(shown(state, 3), { user: ada });
  });

  it('[P2] leaves with the member also when it had gone and come back', (t) => {
    const { presence, shown, end } = room();
    t.after(end);
    const ada = join(presence, person('ada'));
    presence.receive(ada, update([7, 1, {}]));
    presence.receive(ada, update([7, 2, null]));
    assert.deepEqual(shown(), []);
    presence.receive(ada, update([7, 3, {}]));
    assert.deepEqual(shown(), [7]);
    presence.leave(ada);
    assert.deepEqual(shown(), []);
  });

  it('[P2] is shown when somebody comes back with the clock they had', (t) => {
    const { presence, shown, end } = room();
    t.after(end);
    const before = join(presence, person('ada'));
    presence.receive(before, update([7, 4, {}]));
    presence.leave(before);
    const again = join(presence, person('ada'));
    presence.receive(again, update([7, 4, {}]));
    assert.deepEqual(shown(), [7]);
    const nobodyYet = join(presence, person('bob'));
    presence.receive(nobodyYet, update([8, 0, {}]));
    assert.deepEqual(shown(), [7], 'clock 0 says nothing');
  });

  describe('among nodes', () => {
    const told = (presence: Presence) => admitted(presence.encode());

    it('shows who is elsewhere, and leaves alone what is not that node’s to say', (t) => {
      const { presence, shown, end } = room();
      t.after(end);
      const here = join(presence, person('ada'));
      presence.receive(here, update([7, 1, {}]));
      presence.receiveFrom('n1', update([8, 1, { user: { id: 'bob' } }], [7, 9, { as: 'ada' }]), false);
      assert.deepEqual(shown().sort(), [7, 8]);
      assert.notDeepEqual(told(presence)[7], { as: 'ada' });
      presence.receiveFrom('n2', update([8, 2, null], [7, 9, null]), false);
      assert.deepEqual(shown().sort(), [7, 8]);
      presence.receiveFrom('n1', update([8, 2, null]), false);
      assert.deepEqual(shown(), [7]);
      assert.deepEqual(presence.ownIds, [7]);
    });

    it('[P2] forgets who is not in all that a node has, and who was on a node that is gone', (t) => {
      const { presence, shown, end } = room();
      t.after(end);
      presence.receiveFrom('n1', update([1, 1, {}], [2, 1, {}]), false);
      presence.receiveFrom('n2', update([3, 1, {}]), false);
      presence.receiveFrom('n1', update([2, 1, {}]), true);
      assert.deepEqual(shown().sort(), [2, 3]);
      presence.forgetNode('n2');
      assert.deepEqual(shown(), [2]);
    });

    it('says who it cannot show, and shows who is here under a later clock when another node cannot', (t) => {
      const [one, other] = [room(), room()];
      t.after(one.end);
      t.after(other.end);
      one.presence.receive(join(one.presence, person('ada')), update([7, 3, {}]));
      other.presence.receiveFrom('one', one.presence.encode()!, false);
      // The node was taken for dead, and is not.
      other.presence.forgetNode('one');
      const absent = other.presence.receiveFrom('one', one.presence.encode()!, true);
      assert.deepEqual(other.shown(), []);
      one.presence.refute(absent!);
      assert.equal(other.presence.receiveFrom('one', one.presence.encode()!, false), null);
      assert.deepEqual(other.shown(), [7]);
    });

    it('[P1] keeps an id from everyone else as long as its person is elsewhere, and gives it to them when they come', (t) => {
      const { presence, shown, end } = room();
      t.after(end);
      presence.receiveFrom('n1', update([8, 1, { user: { id: 'bob' } }]), false);
      const [eve, bob] = [join(presence, person('eve')), join(presence, person('bob'))];
      presence.receive(eve, update([8, 5, { as: 'eve' }]));
      assert.deepEqual(presence.ownIds, []);
      presence.receive(bob, update([8, 2, {}]));
      assert.deepEqual(presence.ownIds, [8]);
      // Their old node says that they have left it.
      presence.receiveFrom('n1', update([8, 9, null]), false);
      assert.deepEqual(shown(), [8]);
    });
  });

  it('[L3] is dropped when it is longer than it may be', () => {
    const presence = join(room().presence, person('ada', false));
    const empty = JSON.stringify({ text: '' }).length;
    const state = (bytes: number) => ({ text: 'x'.repeat(bytes - empty) });
    assert.ok(presence.own(update([7, 1, state(MAX_STATE_BYTES)])));
    assert.equal(presence.own(update([7, 2, state(MAX_STATE_BYTES + 1)])), null);
    assert.ok(presence.own(update([7, 3, {}])), 'the next one counts again');
  });

  it('throws on bytes that end too early, whatever they claim', () => {
    const presence = join(room().presence, person('ada', false));
    const whole = update([7, 1, { cursor: 1 }]);
    for (let length = 0; length < whole.length; length++) assert.throws(() => presence.own(whole.subarray(0, length)), `cut at ${length}`);
    assert.throws(() => presence.own(new Uint8Array([255, 255, 255, 127])));
  });
});
