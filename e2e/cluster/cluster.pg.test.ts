import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withoutRedis } from '../../bench/servers/redis-server.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';
import { type BrokerName, Nodes } from './nodes.ts';

const lanes: readonly [BrokerName, string | false][] = [
  ['redis', withoutRedis],
  ['postgres', false],
];

for (const [broker, skip] of lanes) {
  describe(`two nodes and ${broker}`, { skip }, () => {
    let nodes: Nodes;
    const clients: WriterClient[] = [];
    before(async () => {
      nodes = await Nodes.start(2, broker);
    });
    after(async () => {
      for (const client of clients) client.close();
      await nodes?.dispose();
    });

    const client = async (node: number, name: string) => {
      const made = new WriterClient(nodes.server(node).collab, name);
      clients.push(made);
      await made.synced();
      return made;
    };

    it('[C1] people on two nodes write in one document, from its first letter on', async () => {
      const [one, other] = [await client(0, 'first'), await client(1, 'first')];
      one.document.getText('t').insert(0, 'hello');
      await until('the other has it', () => other.document.getText('t').toString() === 'hello');
      other.document.getText('t').insert(5, ' world');
      await until('the first has it', () => one.document.getText('t').toString() === 'hello world');
      await Promise.all([one.allSaved(), other.allSaved()]);
    });

    it('both type at once, and hold the same', async () => {
      const [one, other] = [await client(0, 'both'), await client(1, 'both')];
      for (let at = 0; at < 200; at++) {
        one.document.getText('t').insert(0, 'a');
        other.document.getText('t').insert(other.document.getText('t').length, 'b');
        if (at % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
      }
      await Promise.all([one.allSaved(), other.allSaved()]);
      await until('both hold all', () => [one, other].every(({ document }) => document.getText('t').length === 400));
      assert.equal(one.document.getText('t').toString(), other.document.getText('t').toString());
    });

    it('[L4] a heavy edit arrives whole on the other node', async () => {
      const [one, other] = [await client(0, 'heavy'), await client(1, 'heavy')];
      const text = Array.from({ length: 20_000 }, (_, at) => `line ${at}\n`).join('');
      one.document.transact(() => {
        for (let at = 0; at < 400; at++) one.document.getArray('a').push([at]);
        one.document.getText('t').insert(0, text);
      });
      one.document.getText('t').insert(0, 'x');
      await until('the other has it', () => other.document.getText('t').length === text.length + 1);
      assert.equal(other.document.getText('t').toString(), `x${text}`);
      await one.allSaved();
    });

    it('[P2] shows carets of the other node, and takes them away when they leave', async () => {
      const [one, other] = [await client(0, 'carets'), await client(1, 'carets')];
      one.provider.setAwarenessField('user', { name: 'Ada', color: '#112233' });
      other.provider.setAwarenessField('user', { name: 'Grace', color: '#332211' });
      const seen = (by: WriterClient) =>
        [...(by.provider.awareness?.getStates().values() ?? [])]
          .map(({ user }) => user?.name)
          .filter(Boolean)
          .sort();
      await until('both see both', () => seen(one).join() === 'Ada,Grace' && seen(other).join() === 'Ada,Grace');
      other.close();
      await until('one is alone', () => seen(one).join() === 'Ada');
    });

    it('[D9] a document that is deleted on one node is gone on the other', async () => {
      const [one, other] = [await client(0, 'gone'), await client(1, 'gone')];
      one.document.getText('t').insert(0, 'x');
      await one.allSaved();
      await until('the other has it', () => other.document.getText('t').length === 1);
      const closes: number[] = [];
      other.socket.on('close', ({ event }: { event: CloseEvent }) => closes.push(event.code));
      const response = await fetch(`${nodes.server(0).url}/api/documents/gone`, { method: 'DELETE' });
      assert.equal(response.status, 204);
      await until('the other is told', () => closes.includes(4410));
    });

    it('[X5] a script reads on one node what it has written on the other', async () => {
      const reader = await client(1, 'script');
      for (let at = 0; at < 20; at++) {
        const put = await fetch(`${nodes.server(0).url}/api/documents/script/content`, {
          method: at === 0 ? 'PUT' : 'PUT',
          headers: { 'Content-Type': 'text/markdown' },
          body: `text ${at}\n`,
        }).catch(() => null);
        if (put?.status === 404) {
          await fetch(`${nodes.server(0).url}/api/documents`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ name: 'script' }),
          });
          continue;
        }
        const text = await (await fetch(`${nodes.server(1).url}/api/documents/script/export?format=txt`)).text();
        assert.match(text, new RegExp(`text ${at}`));
      }
      reader.close();
    });

    it('lists the nodes for operators', async () => {
      await until('each hears the other', async () => {
        const lists = await Promise.all([0, 1].map(async (at) => (await (await fetch(`${nodes.server(at).url}/api/nodes`)).json()).nodes));
        return lists.every((list) => list.length === 2 && list[0].self && !list[1].self);
      });
      const ready = await (await fetch(`${nodes.server(0).url}/readyz`)).json();
      assert.deepEqual(ready.checks, { database: true, accepting: true, broker: true });
      const metrics = await fetch(`${nodes.server(0).url}/metrics`);
      assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
      assert.match(await metrics.text(), /^# TYPE inkwire_connections gauge\ninkwire_connections \d+$/m);
    });
  });
}
