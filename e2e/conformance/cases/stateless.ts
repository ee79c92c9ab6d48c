import assert from 'node:assert/strict';
import type { CaseGroup } from '../case.ts';

export const stateless: CaseGroup = {
  title: 'Stateless messages',
  by: 'provider',
  cases: [
    {
      title: 'A stateless message the server knows nothing of is ignored.',
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        for (const payload of ['', 'anything', '{"type":"unknown"}', '🖋️'.repeat(1_000)]) ada.provider.sendStateless(payload);
        await ada.roundTrip();
        ada.text.insert(0, 'goes on');
        await bob.reads('goes on');
        assert.deepEqual(
          [...ada.events, ...bob.events].filter((event) => event.startsWith('stateless')),
          [],
        );
      },
    },
    {
      title: 'A stateless message of the server reaches the provider.',
      needsFixture: true,
      async run(scene) {
        const client = scene.client({ token: 'greet' });
        await client.hears('stateless welcome');
      },
    },
    {
      title: 'A stateless message reaches the server, and its answer only the sender.',
      needsFixture: true,
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        ada.provider.sendStateless('echo:Grüße 🖋️');
        await ada.hears('stateless Grüße 🖋️');
        await bob.roundTrip();
        assert.ok(!bob.events.some((event) => event.startsWith('stateless')));
      },
    },
    {
      title: 'A stateless message can be passed on to everyone in the document, and to nobody else.',
      needsFixture: true,
      async run(scene) {
        const [ada, bob] = [await scene.ready(), await scene.ready()];
        const eve = await scene.ready({ name: `${scene.name} other` });
        ada.provider.sendStateless('all:news');
        await Promise.all([ada.hears('stateless news'), bob.hears('stateless news')]);
        await eve.roundTrip();
        assert.ok(!eve.events.some((event) => event.startsWith('stateless')));
      },
    },
  ],
};
