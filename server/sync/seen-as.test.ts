import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Presence } from './presence.ts';
import { seenAs } from './seen-as.ts';

function room(members: readonly unknown[] = [1]) {
  const document = new Y.Doc();
  const presence = new Presence({
    serverId: document.clientID,
    makeAwareness: () => {
      const awareness = new Awareness(document);
      awareness.setLocalState(null);
      return awareness;
    },
    onChange: () => {},
  });
  const names = () => [...(presence.awareness?.getStates().values() ?? [])].map(({ user }) => user.name as string);
  return { presence, members, names, end: () => document.destroy() };
}

const script = { sub: 'bot', name: 'Bot' };

describe('a script', () => {
  it('is seen while it works and some seconds after, once however much it does', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const seen = room();
    t.after(seen.end);
    await seenAs(script, seen, async () => {
      assert.deepEqual(seen.names(), ['Bot']);
      await seenAs(script, seen, async () => assert.deepEqual(seen.names(), ['Bot']));
    });
    t.mock.timers.tick(4_999);
    await seenAs(script, seen, async () => {});
    t.mock.timers.tick(4_999);
    assert.deepEqual(seen.names(), ['Bot']);
    t.mock.timers.tick(1);
    assert.deepEqual(seen.names(), []);
  });

  it('[P1] speaks under a client id that nobody else can take', async (t) => {
    const seen = room();
    t.after(seen.end);
    await seenAs(script, seen, async () => {
      const [clientId] = [...seen.presence.awareness!.getStates().keys()];
      const member = { identity: { sub: 'bot', verified: true } } as never;
      assert.equal(seen.presence.take(clientId!, seen.presence.join(member, 1000)), false);
    });
  });

  it('is not shown where nobody is, and leaves when its work fails', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const [empty, seen] = [room([]), room()];
    t.after(empty.end);
    t.after(seen.end);
    await seenAs(script, empty, async () => assert.deepEqual(empty.names(), []));
    await assert.rejects(seenAs(script, seen, () => Promise.reject(new Error('no'))));
    t.mock.timers.tick(5_000);
    assert.deepEqual(seen.names(), []);
  });
});
