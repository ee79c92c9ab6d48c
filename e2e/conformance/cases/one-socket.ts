import assert from 'node:assert/strict';
import type { CaseGroup } from '../case.ts';

const OVERTAKEN =
  'the new token arrives before the Close in front of it is dealt with, is taken for a renewal of the old session, and never answered';

export const oneSocket: CaseGroup = {
  title: 'Several documents on one socket',
  by: 'provider',
  cases: [
    {
      title: 'Documents on one socket sync, each with its own content.',
      async run(scene) {
        const socket = scene.socket();
        const clients = await Promise.all(Array.from({ length: 30 }, (_, at) => scene.ready({ socket, name: `${scene.name} ${at}` })));
        for (const [at, client] of clients.entries()) client.text.insert(0, `text ${at}`);
        for (const at of [0, 7, 29]) {
          const reader = await scene.ready({ name: `${scene.name} ${at}` });
          await reader.reads(`text ${at}`);
        }
        await Promise.all(clients.map((client) => client.saved()));
      },
    },
    {
      title: 'Leaving one document leaves the others on the socket alone.',
      async run(scene) {
        const socket = scene.socket();
        const [stays, leaves] = [await scene.ready({ socket }), await scene.ready({ socket, name: `${scene.name} other` })];
        const bob = await scene.ready();
        leaves.close();
        await stays.roundTrip();
        stays.text.insert(0, 'still here');
        await bob.reads('still here');
        bob.text.insert(0, 'good: ');
        await stays.reads('good: still here');
        assert.equal(stays.events.includes('close'), false);
      },
    },
    {
      title: 'A cut socket brings all its documents back.',
      async run(scene) {
        const socket = scene.socket();
        const names = ['a', 'b', 'c'].map((letter) => `${scene.name} ${letter}`);
        const clients = await Promise.all(names.map((name) => scene.ready({ socket, name })));
        socket.webSocket!.close();
        await scene.soon('the socket is closed', () => clients.every(({ provider }) => !provider.isSynced));
        for (const client of clients) client.text.insert(0, 'back');
        for (const name of names) await (await scene.ready({ name })).reads('back');
      },
    },
    {
      title: 'A provider that is detached hears nothing, and when attached again is told what it missed.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.provider.detach();
        await scene.soon('the server has let it go', () => !bob.knows(ada));
        bob.text.insert(0, 'missed');
        await bob.saved();
        ada.document.getMap('map').set('meanwhile', true);
        assert.equal(ada.text.toString(), '');
        ada.provider.attach();
        await ada.reads('missed');
        await scene.soon('its own edit arrives', () => bob.document.getMap('map').get('meanwhile') === true);
        await ada.saved();
      },
    },
    {
      title: 'A provider destroyed and made again on the same socket in one go is let in again, reads and writes.',
      knownToFail: { stock: OVERTAKEN, isRace: true },
      async run(scene) {
        const socket = scene.socket();
        const bob = await scene.ready();
        let client = await scene.ready({ socket });
        for (let round = 1; round <= 5; round++) {
          client.close();
          client = scene.client({ socket });
          await scene.soon('the next one is authenticated', () => client.provider.isAuthenticated);
          client.text.insert(0, `${round}`);
          await bob.reads(client.text.toString());
          bob.text.insert(0, ',');
          await client.reads(bob.text.toString());
          await client.saved();
        }
        assert.equal(bob.text.toString(), ',5,4,3,2,1');
      },
    },
    {
      title: 'With session awareness one document is open twice on one socket, each with its own edits and presence.',
      since: 4,
      async run(scene) {
        const socket = scene.socket();
        const [left, right] = [
          await scene.ready({ socket, sessionAwareness: true }),
          await scene.ready({ socket, sessionAwareness: true }),
        ];
        const bob = await scene.ready();
        left.text.insert(0, 'left');
        await right.reads('left');
        right.text.insert(4, ' right');
        await Promise.all([left, bob].map((client) => client.reads('left right')));
        left.mark('left');
        right.mark('right');
        await scene.soon('everyone sees both', () =>
          [left, right, bob].every((client) => client.markOf(left) === 'left' && client.markOf(right) === 'right'),
        );
        await Promise.all([left.saved(), right.saved()]);
      },
    },
    {
      title: 'With session awareness one of two providers of a document may leave; the other goes on.',
      since: 4,
      async run(scene) {
        const socket = scene.socket();
        const [left, right] = [
          await scene.ready({ socket, sessionAwareness: true }),
          await scene.ready({ socket, sessionAwareness: true }),
        ];
        const bob = await scene.ready();
        left.mark('left');
        await scene.soon('its presence is seen', () => bob.knows(left));
        left.close();
        await scene.soon('its presence is gone', () => !bob.knows(left) && !right.knows(left));
        right.text.insert(0, 'alone');
        await bob.reads('alone');
        bob.text.insert(0, 'not ');
        await right.reads('not alone');
      },
    },
    {
      title: 'With session awareness a provider destroyed and made again in one go is let in again.',
      since: 4,
      async run(scene) {
        const socket = scene.socket();
        const bob = await scene.ready();
        const first = await scene.ready({ socket, sessionAwareness: true });
        first.close();
        const second = await scene.ready({ socket, sessionAwareness: true });
        second.text.insert(0, 'second');
        await bob.reads('second');
        bob.text.insert(0, 'the ');
        await second.reads('the second');
      },
    },
  ],
};
