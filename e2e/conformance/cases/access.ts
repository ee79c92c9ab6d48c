import assert from 'node:assert/strict';
import type { CaseGroup } from '../case.ts';

export const access: CaseGroup = {
  title: 'Tokens and scopes',
  by: 'provider',
  cases: [
    {
      title: 'A token may come from a function that takes its time, and is asked for again after a reconnect.',
      async run(scene) {
        let asked = 0;
        const token = async () => {
          await new Promise((resume) => setImmediate(resume));
          asked++;
          return scene.target.token;
        };
        const client = await scene.ready({ token });
        assert.equal(asked, 1);
        client.socket.webSocket!.close();
        await scene.soon('the socket is closed', () => !client.provider.isSynced);
        await client.saved();
        assert.equal(asked, 2);
      },
    },
    {
      title: 'A read-only client is told so, reads what others write and is seen by them.',
      needsFixture: true,
      async run(scene) {
        const ada = await scene.ready();
        const reader = await scene.ready({ token: 'read-only' });
        assert.equal(reader.provider.authorizedScope, 'readonly');
        ada.text.insert(0, 'read this');
        await reader.reads('read this');
        reader.mark('reading');
        await scene.soon('the reader is seen', () => ada.markOf(reader) === 'reading');
        assert.equal(reader.provider.hasUnsyncedChanges, false);
      },
    },
    {
      title: 'What a read-only client writes reaches nobody and stays unsaved.',
      needsFixture: true,
      async run(scene) {
        const ada = await scene.ready();
        const reader = await scene.ready({ token: 'read-only' });
        reader.text.insert(0, 'graffiti');
        reader.text.insert(0, 'more ');
        assert.equal(reader.provider.unsyncedChanges, 2);
        await reader.roundTrip();
        await ada.roundTrip();
        assert.equal(ada.text.toString(), '');
        assert.equal(reader.provider.hasUnsyncedChanges, true);
      },
    },
    {
      title: 'A refused token raises `authenticationFailed`, and nothing of the document arrives.',
      needsFixture: true,
      async run(scene) {
        const ada = await scene.ready();
        ada.text.insert(0, 'secret');
        await ada.saved();
        const stranger = scene.client({ token: 'refuse' });
        await stranger.hears('authenticationFailed permission-denied');
        assert.equal(stranger.provider.isAuthenticated, false);
        assert.equal(stranger.text.toString(), '');
      },
    },
    {
      title: 'A document that is refused leaves the others on the socket alone.',
      needsFixture: true,
      async run(scene) {
        const socket = scene.socket();
        const allowed = await scene.ready({ socket });
        const bob = await scene.ready();
        const refused = scene.client({ socket, name: `${scene.name} secret`, token: 'refuse' });
        await scene.soon('it is refused', () => refused.events.some((event) => /^(authenticationFailed|close)/.test(event)));
        await allowed.roundTrip();
        assert.equal(allowed.events.includes('close'), false, 'the socket was closed');
        allowed.text.insert(0, 'undisturbed');
        await bob.reads('undisturbed');
      },
    },
    {
      title: 'A server that asks for the token again is given it, and applies it without a new connection.',
      needsFixture: true,
      async run(scene) {
        const tokens = ['renew', 'fresh'];
        const client = scene.client({ token: () => tokens.shift() ?? '' });
        await client.hears('stateless token:fresh');
        await client.saved();
        assert.equal(client.events.includes('close'), false);
        client.text.insert(0, 'still writes');
        await client.saved();
      },
    },
    {
      title: 'A renewed token that may only read stops the writing at once, without a new connection.',
      needsFixture: true,
      async run(scene) {
        const bob = await scene.ready();
        const tokens = ['renew', 'read-only'];
        const client = scene.client({ token: () => tokens.shift() ?? '' });
        await client.hears('stateless token:read-only');
        // An acknowledgement of the first sync that comes after the edit would be counted as the edit's.
        await client.saved();
        client.text.insert(0, 'too late');
        await client.roundTrip();
        await bob.roundTrip();
        assert.equal(bob.text.toString(), '');
        assert.equal(client.provider.hasUnsyncedChanges, true);
        assert.equal(client.events.includes('close'), false);
      },
    },
    {
      title: 'A renewed token that is refused ends the session.',
      needsFixture: true,
      async run(scene) {
        const tokens = ['renew', 'refuse'];
        const client = scene.client({ token: () => tokens.shift() ?? 'refuse' });
        await client.hears('close');
        assert.equal(client.provider.isAuthenticated, false);
      },
    },
  ],
};
