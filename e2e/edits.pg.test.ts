import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Change, Operation } from '../document/edits/operations.ts';
import { SECRET, tokenOf } from './browser/tokens.ts';
import { seededRandom } from './seeded-random.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

interface Answer {
  readonly id: string | null;
  readonly version: number;
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

interface Block {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
}

describe('edits over HTTP', { concurrency: true }, () => {
  let server: ServerProcess;
  let token: string;
  before(async () => {
    server = await ServerProcess.start({ INKWIRE_SECRET: SECRET });
    token = await tokenOf({ sub: 'script', name: 'Script', access: { '*': 'admin' } });
  });
  after(() => server?.dispose());

  const ask = (path: string, init: RequestInit & { token?: string } = {}) =>
    fetch(`${server.url}/api/documents${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${init.token ?? token}`, 'Content-Type': 'application/json', ...init.headers },
    });
  const create = async (name: string, markdown: string) => {
    const made = await ask('', { method: 'POST', body: JSON.stringify({ name, markdown }) });
    assert.equal(made.status, 201, await made.text());
  };
  const post = (
    name: string,
    operations: readonly Operation[],
    { headers = {}, dryRun = false, token = undefined as string | undefined } = {},
  ) =>
    ask(`/${name}/edits`, {
      method: 'POST',
      body: JSON.stringify({ operations, dryRun }),
      headers,
      ...(token === undefined ? {} : { token }),
    });
  const edit = async (name: string, ...operations: Operation[]): Promise<Answer> => {
    const response = await post(name, operations);
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as Answer;
  };
  const undo = (name: string, id: string | null) => ask(`/${name}/edits/${id}/undo`, { method: 'POST' });
  const exported = async (name: string) => (await ask(`/${name}/export?format=markdown`)).text();
  const refused = async (response: Response, status: number, code: string) => {
    assert.equal(response.status, status, await response.clone().text());
    assert.equal(((await response.json()) as { code: string }).code, code);
  };
  const writer = async (t: TestContext, name: string) => {
    const client = new WriterClient(server.collab, name, undefined, token);
    t.after(() => client.close());
    await client.synced();
    return client;
  };

  it('[X8] are all of it or nothing, and say what has changed', async () => {
    await create('all', 'Sow early.\n\nWater.\n');
    await refused(
      await post('all', [
        { op: 'replace', quote: 'early', with: 'late' },
        { op: 'replace', quote: 'nowhere', with: 'x' },
      ]),
      422,
      'edit-refused',
    );
    assert.equal(await exported('all'), 'Sow early.\n\nWater.\n');
    const preview = (await (await post('all', [{ op: 'setTitle', title: 'Plan' }], { dryRun: true })).json()) as Answer;
    assert.deepEqual([preview.id, preview.version, preview.changes], [null, 1, [{ kind: 'title', before: '', after: 'Plan' }]]);
    const answer = await edit('all', { op: 'replace', quote: 'early', with: '*late*' }, { op: 'insert', at: 'end', markdown: '- peas' });
    assert.equal(answer.version, 2);
    assert.deepEqual(
      answer.changes.map(({ kind }) => kind),
      ['changed', 'inserted'],
    );
    const { blocks, version } = (await (await ask('/all/blocks')).json()) as { blocks: Block[]; version: number };
    assert.equal(version, 2);
    assert.ok(blocks.some(({ id }) => id === (answer.changes[1] as { block: string }).block));
    const info = (await (await ask('/all')).json()) as { updatedBy: string };
    assert.equal(info.updatedBy, 'script');
    assert.equal((await edit('all', { op: 'replace', quote: 'peas', with: 'peas' })).id, null, 'what changes nothing is no edit');
  });

  it('are made by somebody whom people see among them', async (t) => {
    await create('seen', 'a\n');
    const ann = await writer(t, 'seen');
    const names = () => [...(ann.provider.awareness?.getStates().values() ?? [])].map(({ user }) => user?.name as string);
    await edit('seen', { op: 'insert', at: 'end', markdown: 'b' });
    await until('the script is seen', () => names().includes('Script'));
    await until('it leaves', () => !names().includes('Script'));
  });

  it('ask for the role edit, and obey If-Match', async () => {
    await create('roles', 'a\n');
    const viewer = await tokenOf({ sub: 'v', name: 'V', access: { roles: 'suggest' } });
    await refused(await post('roles', [{ op: 'setTitle', title: 'x' }], { token: viewer }), 403, 'forbidden');
    assert.equal((await ask('/roles/blocks', { token: viewer })).status, 200);
    const made = await post('roles', [{ op: 'setTitle', title: 'x' }], { headers: { 'If-Match': '"1"' } });
    assert.equal(made.headers.get('etag'), 'W/"2"');
    await refused(await post('roles', [{ op: 'setTitle', title: 'y' }], { headers: { 'If-Match': '"1"' } }), 412, 'version-mismatch');
    await refused(await undo('roles', randomUUID()), 404, 'edit-not-found');
    await refused(await post('no-such-document', [{ op: 'setTitle', title: 'y' }]), 404, 'document-not-found');
    const nonsense = await ask('/roles/edits', { method: 'POST', body: '{"operations":[{"op":"insert","markdown":"x"}]}' });
    await refused(nonsense, 400, 'bad-request');
  });

  it('[X9] are made once for a key, whatever is asked again', async () => {
    await create('keys', 'a\n');
    const headers = { 'Idempotency-Key': 'the first' };
    const insert: Operation[] = [{ op: 'insert', at: 'end', markdown: 'once' }];
    const answers = await Promise.all([
      post('keys', insert, { headers }),
      post('keys', insert, { headers }),
      post('keys', insert, { headers }),
    ]);
    for (const { status } of answers) assert.ok(status === 200 || status === 409, String(status));
    const first = answers.find(({ status }) => status === 200)!;
    assert.deepEqual(await (await post('keys', insert, { headers })).json(), await first.json());
    await refused(await post('keys', [{ op: 'setTitle', title: 'other' }], { headers }), 422, 'key-reused');
    const other = await tokenOf({ sub: 'other', name: 'Other', access: { '*': 'edit' } });
    assert.equal((await post('keys', [{ op: 'setTitle', title: 'other' }], { headers, token: other })).status, 200, 'it is theirs alone');
    assert.equal(await exported('keys'), 'a\n\nonce\n');
    await refused(
      await post('keys', [{ op: 'replace', quote: 'z', with: '' }], { headers: { 'Idempotency-Key': 'b' } }),
      422,
      'edit-refused',
    );
    assert.equal((await post('keys', [{ op: 'replace', quote: 'a', with: 'b' }], { headers: { 'Idempotency-Key': 'b' } })).status, 200);
  });

  it('[X8] lose nothing of two who type, nor they of them, and each is taken back without their words', async (t) => {
    const random = seededRandom();
    t.diagnostic(`SEED=${random.seed}`);
    await create('beside', 'Ada types here.\n\nThe script works here: 0.\n\nBob types here.\n');
    const [ada, bob] = [await writer(t, 'beside'), await writer(t, 'beside')];
    let typing = true;
    const typed = { ada: 0, bob: 0 };
    const type = async (client: WriterClient, block: number, name: 'ada' | 'bob') => {
      while (typing) {
        const paragraphs = client.document.getXmlFragment('default').toArray() as import('yjs').XmlElement[];
        const own = paragraphs.find((one) => one.toString().includes(block === 0 ? 'Ada types' : 'Bob types'))!;
        const text = own.get(0) as import('yjs').XmlText;
        text.insert(text.length, name[0]!);
        typed[name] += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const people = [type(ada, 0, 'ada'), type(bob, 2, 'bob')];
    const made: (string | null)[] = [];
    for (let at = 0; at < 30; at++) {
      const kind = random.below(3);
      if (kind === 0)
        made.push((await edit('beside', { op: 'insert', at: random.below(2) === 0 ? 'start' : 'end', markdown: `Note ${at}.` })).id);
      else if (kind === 1) made.push((await edit('beside', { op: 'setTitle', title: `Title ${at}` })).id);
      else made.push((await edit('beside', { op: 'replace', quote: 'The script works here: ', with: `The script works here: ${at} ` })).id);
    }
    for (const id of made.toReversed()) {
      const response = await undo('beside', id);
      assert.equal(response.status, 200, await response.clone().text());
    }
    typing = false;
    await Promise.all(people);
    await until('all is saved', () => ada.saved && bob.saved);
    const expected = `Ada types here.${'a'.repeat(typed.ada)}\n\nThe script works here: 0.\n\nBob types here.${'b'.repeat(typed.bob)}\n`;
    await until('the export has all', async () => (await exported('beside')) === expected);
    const text = (client: WriterClient) => client.document.getXmlFragment('default').toString();
    await until('both hold the same', () => text(ada) === text(bob));
    t.diagnostic(`${typed.ada + typed.bob} letters beside ${made.length} edits and their undoing`);
  });

  it('[X9] say by the log whether they were made when the server is killed', async (t) => {
    const own = await ServerProcess.start({ INKWIRE_SECRET: SECRET });
    t.after(() => own.dispose());
    const call = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${own.url}/api/documents${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    assert.equal((await call('', { name: 'killed', markdown: 'a\n' })).status, 201);
    const ids: string[] = [];
    for (let at = 0; at < 6; at++) {
      const made = call(
        '/killed/edits',
        { operations: [{ op: 'insert', at: 'end', markdown: `note ${at}` }] },
        { 'Idempotency-Key': `${at}` },
      )
        .then(async (response) => ids.push(((await response.json()) as Answer).id!))
        .catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, at * 4));
      await own.kill9();
      await made;
      await own.start();
    }
    const text = async () =>
      (await fetch(`${own.url}/api/documents/killed/export?format=text`, { headers: { Authorization: `Bearer ${token}` } })).text();
    const lines = (await text()).trim().split('\n');
    assert.equal(new Set(lines).size, lines.length);
    for (let at = 0; at < 6; at++) {
      const again = await call(
        '/killed/edits',
        { operations: [{ op: 'insert', at: 'end', markdown: `note ${at}` }] },
        { 'Idempotency-Key': `${at}` },
      );
      // Whoever began it is taken for alive for two minutes.
      assert.ok(again.status === 200 || again.status === 409, await again.clone().text());
      if (again.status === 200) assert.equal((await text()).split(`note ${at}`).length, 2, `note ${at} is there once`);
    }
  });

  it('[X10] are told to who follows the document, and what was missed first', async (t) => {
    await create('followed', 'a\n');
    const events: { id: string; data: { version: number; updatedBy: string | null; changes: Change[] } }[] = [];
    const follow = async (query: string, headers: Record<string, string> = {}) => {
      const stop = new AbortController();
      t.after(() => stop.abort());
      const response = await ask(`/followed/changes${query}`, { signal: stop.signal, headers });
      assert.equal(response.headers.get('content-type'), 'text/event-stream');
      void (async () => {
        let text = '';
        for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
          text += part;
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            const lines = new Map(
              text
                .slice(0, end)
                .split('\n')
                .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
            );
            text = text.slice(end + 2);
            if (lines.get('event') === 'change') events.push({ id: lines.get('id')!, data: JSON.parse(lines.get('data')!) });
            else if (lines.get('event') === 'deleted') events.push({ id: 'deleted', data: { version: 0, updatedBy: null, changes: [] } });
          }
        }
      })().catch(() => {});
      return stop;
    };
    const first = await follow('');
    await edit('followed', { op: 'insert', at: 'end', markdown: 'b' });
    await until('it is told', () => events.length === 1);
    const [told] = events;
    assert.deepEqual([told!.id, told!.data.version, told!.data.updatedBy], ['2', 2, 'script']);
    assert.deepEqual(
      told!.data.changes.map(({ kind }) => kind),
      ['inserted'],
    );
    first.abort();
    await edit('followed', { op: 'replace', quote: 'b', with: 'c' });
    await edit('followed', { op: 'setTitle', title: 'T' });
    await follow('', { 'Last-Event-ID': '2' });
    await until('what was missed is told', () => events.length === 2);
    assert.deepEqual(
      events[1]!.data.changes.map(({ kind }) => kind),
      ['title', 'changed'],
    );
    assert.equal((await ask('/followed', { method: 'DELETE' })).status, 204);
    await until('that it is gone is told', () => events.at(-1)!.id === 'deleted');
  });
});
