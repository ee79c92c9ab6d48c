import assert from 'node:assert/strict';
import type { CaseGroup } from '../case.ts';

export const saving: CaseGroup = {
  title: 'Unsaved changes and forced sync',
  by: 'provider',
  cases: [
    {
      title: '`hasUnsyncedChanges` counts every edit up, and every acknowledgement down, to zero.',
      async run(scene) {
        const client = await scene.ready();
        assert.equal(client.provider.unsyncedChanges, 0);
        client.events.length = 0;
        for (let edit = 0; edit < 10; edit++) client.text.insert(0, 'x');
        assert.equal(client.provider.unsyncedChanges, 10);
        await client.saved();
        await client.roundTrip();
        await client.saved();
        const counts = client.events.map((event) => Number(event.replace('unsyncedChanges ', '')));
        assert.deepEqual(counts.slice(0, 20), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
        assert.ok(Math.min(...counts) >= 0);
      },
    },
    {
      title: 'Edits of others leave the count at zero.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        bob.events.length = 0;
        ada.text.insert(0, 'hers');
        await bob.reads('hers');
        assert.deepEqual(bob.events, []);
        assert.equal(bob.provider.hasUnsyncedChanges, false);
      },
    },
    {
      title: 'Each acknowledgement goes to its own document of a shared socket.',
      async run(scene) {
        const socket = scene.socket();
        const ada = await scene.ready({ socket, name: `${scene.name} a` });
        const bob = await scene.ready({ socket, name: `${scene.name} b` });
        bob.events.length = 0;
        for (let edit = 0; edit < 5; edit++) ada.text.insert(0, 'x');
        await ada.saved();
        assert.deepEqual(bob.events, []);
        assert.equal(ada.provider.unsyncedChanges, 0);
      },
    },
    {
      title: '`forceSync()` syncs again and ends with nothing unsaved.',
      async run(scene) {
        const client = await scene.ready();
        client.text.insert(0, 'x');
        await client.saved();
        client.provider.forceSync();
        assert.equal(client.provider.unsyncedChanges, 1);
        await client.saved();
        assert.equal(client.text.toString(), 'x');
      },
    },
    {
      title: '`forceSyncInterval` syncs again and again.',
      async run(scene) {
        const client = scene.client({ forceSyncInterval: 30 });
        await scene.soon('three syncs are answered', () => client.answers >= 3);
        await scene.soon('nothing is unsaved', () => !client.provider.hasUnsyncedChanges);
      },
    },
    {
      title: 'With `flushDelay` several edits are one message and one acknowledgement.',
      since: 4,
      async run(scene) {
        const [ada, bob] = [await scene.ready({ flushDelay: 30 }), await scene.ready()];
        for (const letter of 'olleh') ada.text.insert(0, letter);
        ada.mark('typing');
        assert.equal(ada.provider.unsyncedChanges, 1);
        await bob.reads('hello');
        await ada.saved();
        await scene.soon('the other sees its presence', () => bob.markOf(ada) === 'typing');
      },
    },
  ],
};
