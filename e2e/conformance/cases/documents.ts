import assert from 'node:assert/strict';
import * as Y from 'yjs';
import type { CaseGroup } from '../case.ts';

export const documents: CaseGroup = {
  title: 'Documents',
  by: 'provider',
  cases: [
    {
      title: 'A provider is authenticated, then synced.',
      async run(scene) {
        const client = await scene.ready();
        const events = client.events.filter((event) => !event.startsWith('unsynced'));
        assert.deepEqual(events, ['authenticated read-write', 'synced']);
        assert.equal(client.provider.authorizedScope, 'read-write');
      },
    },
    {
      title: 'What one writes, the other reads, both ways at once.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.text.insert(0, 'from Ada');
        bob.document.getMap('map').set('from', 'Bob');
        await Promise.all([ada.saved(), bob.saved()]);
        await bob.reads('from Ada');
        await scene.soon('Ada sees the map', () => ada.document.getMap('map').get('from') === 'Bob');
      },
    },
    {
      title: 'Edits of the same place at the same moment converge.',
      async run(scene) {
        const clients = [await scene.ready(), await scene.ready(), await scene.ready()];
        for (let word = 0; word < 20; word++) for (const [at, client] of clients.entries()) client.text.insert(0, `${at}`);
        await scene.soon('all have all 60 letters', () => clients.every(({ text }) => text.length === 60));
        assert.equal(new Set(clients.map(({ text }) => text.toString())).size, 1);
      },
    },
    {
      title: 'Every shared type goes through, with attributes, deletions and what is nested.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.document.transact(() => {
          ada.text.insert(0, 'bold and plain', { bold: true });
          ada.text.format(5, 9, { bold: null });
          ada.document.getArray('list').insert(0, [1, 'two', { three: [3] }, new Y.Map([['nested', new Y.Array()]])]);
          ada.document.getXmlFragment('default').insert(0, [new Y.XmlElement('paragraph')]);
          ada.document.getMap('map').set('bytes', new Uint8Array([1, 2, 3]));
        });
        ada.document.getArray('list').delete(0, 1);
        const content = ({ document }: typeof ada) => [
          document.getText('text').toDelta(),
          document.getArray('list').toJSON(),
          document.getXmlFragment('default').toString(),
          document.getMap('map').toJSON(),
        ];
        await scene.soon('the other has it all', () => bob.document.getArray('list').length === 3 && bob.document.getMap('map').size === 1);
        assert.deepEqual(content(bob), content(ada));
      },
    },
    {
      title: 'Someone who comes later gets everything there is.',
      async run(scene) {
        const ada = await scene.ready();
        ada.text.insert(0, 'before');
        await ada.saved();
        const bob = await scene.ready();
        assert.equal(bob.text.toString(), 'before');
      },
    },
    {
      title: 'What was written before there was a connection is sent, and merged with what others wrote.',
      async run(scene) {
        const ada = await scene.ready();
        ada.text.insert(0, 'theirs');
        await ada.saved();
        const document = new Y.Doc();
        document.getText('text').insert(0, 'mine ');
        const bob = await scene.ready({ document });
        await ada.reads(bob.text.toString());
        assert.match(bob.text.toString(), /^(mine theirs|theirsmine )$/);
      },
    },
    {
      title: 'What was written while the socket was away is sent when it is back.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.socket.disconnect();
        await scene.soon('the socket is closed', () => !ada.provider.isSynced);
        ada.text.insert(0, 'offline');
        bob.document.getMap('map').set('meanwhile', true);
        assert.ok(ada.provider.hasUnsyncedChanges);
        await ada.socket.connect();
        await ada.saved();
        await bob.reads('offline');
        assert.equal(ada.document.getMap('map').get('meanwhile'), true);
      },
    },
    {
      title: 'A provider whose socket was cut comes back by itself and is told what it missed.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.socket.webSocket!.close();
        await scene.soon('the socket is closed', () => !ada.provider.isSynced);
        bob.text.insert(0, 'missed');
        await ada.reads('missed');
        await ada.saved();
      },
    },
    {
      title: 'A document whose dependencies have not come yet syncs, and is whole once they have.',
      async run(scene) {
        const author = new Y.Doc();
        const updates: Uint8Array[] = [];
        author.on('update', (update) => updates.push(update));
        author.getText('text').insert(0, 'one ');
        author.getText('text').insert(4, 'two');
        author.destroy();
        const early = new Y.Doc();
        Y.applyUpdate(early, updates[1]!);
        const bob = await scene.ready({ document: early });
        const reader = await scene.ready();
        assert.equal(reader.text.toString(), '');
        const ada = await scene.ready();
        Y.applyUpdate(ada.document, updates[0]!);
        await Promise.all([ada, bob, reader].map((client) => client.reads('one two')));
        await ada.saved();
      },
    },
    {
      title: 'Any text can name a document: spaces, slashes, dots, umlauts, emoji.',
      async run(scene) {
        for (const odd of ['a b', 'a/../b', 'v1.2', 'Größe & Maß', '🖋️', '%2F?x=#']) {
          const name = `${scene.name} ${odd}`;
          const [ada, bob] = [await scene.ready({ name }), await scene.ready({ name })];
          ada.text.insert(0, odd);
          await bob.reads(odd);
        }
      },
    },
    {
      title: 'A provider without presence syncs as any other.',
      async run(scene) {
        const [ada, bob] = [await scene.ready({ awareness: null }), await scene.ready()];
        bob.mark('here');
        ada.text.insert(0, 'silent');
        await bob.reads('silent');
        await ada.saved();
      },
    },
  ],
};
