import assert from 'node:assert/strict';
import type { CaseGroup } from '../case.ts';

export const presence: CaseGroup = {
  title: 'Presence',
  by: 'provider',
  cases: [
    {
      title: 'A change of presence reaches the others.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.mark({ at: 1 });
        await scene.soon('the other sees it', () => (bob.markOf(ada) as { at: number } | undefined)?.at === 1);
        ada.mark({ at: 2 });
        await scene.soon('the other sees the change', () => (bob.markOf(ada) as { at: number }).at === 2);
      },
    },
    {
      title: 'Someone who comes later sees who is there.',
      async run(scene) {
        const ada = await scene.ready();
        ada.mark('early');
        await ada.roundTrip();
        const bob = await scene.ready();
        await scene.soon('the newcomer sees it', () => bob.markOf(ada) === 'early');
      },
    },
    {
      title: 'Presence set before the connection is there is sent with it.',
      async run(scene) {
        const bob = await scene.ready();
        const ada = scene.client();
        ada.mark('already');
        await scene.soon('the other sees it', () => bob.markOf(ada) === 'already');
      },
    },
    {
      title: 'Someone who leaves the document disappears.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.mark('here');
        await scene.soon('the other sees it', () => bob.knows(ada));
        ada.close();
        await scene.soon('it is gone', () => !bob.knows(ada));
      },
    },
    {
      title: 'Someone whose socket is cut disappears, and is there again with the first move once it is back.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.mark('here');
        await scene.soon('the other sees it', () => bob.knows(ada));
        ada.socket.disconnect();
        await scene.soon('it is gone', () => !bob.knows(ada));
        await ada.socket.connect();
        await ada.saved();
        ada.mark('back');
        await scene.soon('it is back', () => bob.markOf(ada) === 'back');
      },
    },
    {
      title: '`setLocalState(null)` makes someone disappear who stays connected.',
      knownToFail: { stock: 'only states that are not null are passed on, so a ghost stays until the socket closes' },
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.mark('here');
        await scene.soon('the other sees it', () => bob.knows(ada));
        ada.provider.awareness!.setLocalState(null);
        await scene.soon('it is gone', () => !bob.knows(ada));
        ada.text.insert(0, 'still connected');
        await bob.reads('still connected');
      },
    },
    {
      title: 'Presence stays in its own document of a shared socket.',
      async run(scene) {
        const socket = scene.socket();
        const other = `${scene.name} other`;
        const [here, there] = [await scene.ready({ socket }), await scene.ready({ socket, name: other })];
        const [bob, eve] = [await scene.ready(), await scene.ready({ name: other })];
        here.mark('here');
        there.mark('there');
        await scene.soon('each sees its own', () => bob.markOf(here) === 'here' && eve.markOf(there) === 'there');
        assert.deepEqual([bob.knows(there), eve.knows(here)], [false, false]);
      },
    },
    {
      title: 'Twenty people see each other.',
      async run(scene) {
        const people = await Promise.all(Array.from({ length: 20 }, () => scene.ready()));
        for (const [at, person] of people.entries()) person.mark(at + 1);
        await scene.soon('everyone sees everyone', () =>
          people.every((person) => people.every((other, at) => person.markOf(other) === at + 1)),
        );
      },
    },
  ],
};
