import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';
import { SECRET, tokenOf } from './browser/tokens.ts';
import { seededRandom } from './seeded-random.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));

describe('inkwire sync', { concurrency: 2 }, () => {
  let server: ServerProcess;
  let token: string;
  before(async () => {
    server = await ServerProcess.start({ INKWIRE_SECRET: SECRET });
    token = await tokenOf({ sub: 'folder', name: 'Folder', access: { '*': 'admin' } });
  });
  after(() => server?.dispose());

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}/api/documents${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/markdown', ...init.headers },
    });
  const create = async (name: string, body: string) =>
    assert.equal((await ask(`?name=${encodeURIComponent(name)}`, { method: 'POST', body })).status, 201);
  const replace = async (name: string, body: string) =>
    assert.equal((await ask(`/${encodeURIComponent(name)}/content`, { method: 'PUT', body })).status, 200);
  const exported = async (name: string) => {
    const response = await ask(`/${encodeURIComponent(name)}/export?format=markdown`);
    return response.ok ? response.text() : null;
  };

  /** A folder, and the command on it, for documents of a prefix of their own. */
  const scene = async (t: TestContext, prefix: string) => {
    const root = await mkdtemp(join(tmpdir(), 'inkwire-test-sync-'));
    t.after(() => rm(root, { recursive: true, force: true }));
    const running: ChildProcess[] = [];
    t.after(() => running.forEach((child) => void child.kill('SIGKILL')));
    const start = (...args: string[]) => {
      const child = spawn(process.execPath, [MAIN, 'sync', root, '--prefix', prefix, '--server', server.url, ...args], {
        env: { ...process.env, INKWIRE_TOKEN: token },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.push(child);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const ended = once(child, 'exit').then(([code]) => code as number | null);
      return { child, ended, output: () => output };
    };
    const once_ = async (...args: string[]) => {
      const { ended, output } = start('--once', ...args);
      return { code: await ended, output: output() };
    };
    const path = (file: string) => join(root, file);
    const write = async (file: string, text: string) => {
      await mkdir(dirname(path(file)), { recursive: true });
      await writeFile(path(file), text);
    };
    const read = (file: string) => readFile(path(file), 'utf8').catch(() => null);
    return { root, start, sync: once_, path, write, read };
  };

  it('[X11] brings a folder and documents together, once, and says what it would do before it does', async (t) => {
    const { sync, write, read, root } = await scene(t, 'once/');
    await create('once/remote', '# Remote\n\nBy people.\n');
    await write('notes/local.md', '# Local\r\n\r\nBy a *file*.\r\n');
    await write('picture.png', 'no document');
    const dry = await sync('--dry-run');
    assert.match(dry.output, /notes\/local\.md → a document, "once\/notes\/local"/);
    assert.match(dry.output, /remote\.md ← "once\/remote"/);
    assert.match(dry.output, /Would be: 1 created, 1 written\. Nothing was changed\.|Would be: 1 written, 1 created/);
    assert.deepEqual([await exported('once/notes/local'), await read('remote.md')], [null, null]);
    assert.ok(!(await readdir(root)).includes('.inkwire-sync'));
    assert.equal((await sync()).code, 0);
    assert.equal(await exported('once/notes/local'), '# Local\n\nBy a *file*.\n');
    assert.equal(await read('notes/local.md'), '# Local\r\n\r\nBy a *file*.\r\n', 'its line ends are its own');
    assert.equal(await read('remote.md'), '# Remote\n\nBy people.\n');
    assert.match((await sync()).output, /Both are the same\./);

    await write('remote.md', '# Remote\n\nBy people and files.\n');
    await replace('once/remote', '# From afar\n\nBy people.\n');
    assert.match((await sync()).output, /remote\.md ↔ "once\/remote", both had changed$/m);
    for (const text of [await exported('once/remote'), await read('remote.md')])
      assert.equal(text, '# From afar\n\nBy people and files.\n');
  });

  it('[X11] loses nothing to deletions: a document stays without --delete, and a file goes where it can be found', async (t) => {
    const { sync, write, read, path, root } = await scene(t, 'gone/');
    for (const name of ['a', 'b', 'c']) await write(`${name}.md`, `${name}\n`);
    await sync();
    await rm(path('a.md'));
    assert.match((await sync()).output, /a\.md is gone; its document "gone\/a" stays \(--delete deletes it too\)/);
    assert.match((await sync()).output, /Both are the same/);
    await replace('gone/a', 'written again\n');
    await sync();
    assert.equal(await read('a.md'), 'written again\n');

    await rm(path('a.md'));
    assert.match((await sync('--delete')).output, /a\.md is gone, and its document "gone\/a" with it/);
    assert.equal(await exported('gone/a'), null);

    await ask('/gone%2Fb', { method: 'DELETE' });
    await ask('/gone%2Fc', { method: 'DELETE' });
    await write('c.md', 'c, written in meanwhile\n');
    await sync();
    assert.equal(await read('b.md'), null);
    const [away] = await readdir(join(root, '.inkwire-sync/removed'));
    assert.equal(await read(`.inkwire-sync/removed/${away}`), 'b\n');
    assert.equal(await exported('gone/c'), 'c, written in meanwhile\n');

    await rename(path('c.md'), path('d.md'));
    await sync('--delete');
    assert.deepEqual([await exported('gone/c'), await exported('gone/d')], [null, 'c, written in meanwhile\n']);
  });

  it('leaves alone what has nothing in common, what is no text, and a folder of others', async (t) => {
    const { sync, write, read, root, start } = await scene(t, 'alone/');
    await create('alone/plan', 'of people\n');
    await write('plan.md', 'of a file\n');
    await writeFile(join(root, 'bytes.md'), Uint8Array.of(0x61, 0xff));
    const { code, output } = await sync();
    assert.equal(code, 1);
    assert.match(output, /plan\.md and "alone\/plan" differ and have nothing in common that is known; rename one of them/);
    assert.match(output, /bytes\.md is not UTF-8 text, and is left alone/);
    assert.deepEqual([await read('plan.md'), await exported('alone/plan')], ['of a file\n', 'of people\n']);
    const other = await sync('--prefix', 'other/');
    assert.deepEqual([other.code, /belongs to the documents under "alone\/"/.test(other.output)], [1, true], other.output);
    const live = start();
    await until('it follows', () => live.output().includes('Following both'));
    assert.match((await sync()).output, /Another "inkwire sync" \(process \d+\) is at this folder/);
    live.child.kill('SIGTERM');
    assert.equal(await live.ended, 0);
    const away = await sync('--server', 'http://127.0.0.1:1');
    assert.deepEqual([away.code, /belongs to|does not answer/.test(away.output)], [1, true], away.output);
  });

  it('[X11] follows both: a file that is saved, a letter that is typed, and both at once', async (t) => {
    const { start, write, read, path } = await scene(t, 'live/');
    await create('live/plan', 'First.\n\nSecond.\n\nThird.\n');
    const live = start();
    await until('it follows', () => live.output().includes('Following both'));
    assert.equal(await read('plan.md'), 'First.\n\nSecond.\n\nThird.\n');
    const ada = new WriterClient(server.collab, 'live/plan', undefined, token);
    t.after(() => ada.close());
    await ada.synced();
    const paragraph = (at: number) => (ada.document.getXmlFragment('default').get(at) as Y.XmlElement).get(0) as Y.XmlText;
    const caret = Y.createRelativePositionFromTypeIndex(paragraph(2), 3);
    paragraph(0).insert(6, ' By Ada.');
    await until('the file has it', async () => (await read('plan.md'))?.startsWith('First. By Ada.\n'));
    await write('plan.md', (await read('plan.md'))!.replace('Second.', 'Second, by a file.'));
    await until('she has it', () => ada.document.getXmlFragment('default').toString().includes('Second, by a file.'));
    const text = (await read('plan.md'))!;
    paragraph(0).insert(0, 'At once. ');
    await write('plan.md', text.replace('Third.', 'Third, at once.'));
    const expected = 'At once. First. By Ada.\n\nSecond, by a file.\n\nThird, at once.\n';
    await until('both have both', async () => (await read('plan.md')) === expected && (await exported('live/plan')) === expected);
    assert.equal(Y.createAbsolutePositionFromRelativePosition(caret, ada.document)?.index, 3, 'her caret stays');
    await write('new/deep/file.md', 'New.\n');
    await until('it is a document', async () => (await exported('live/new/deep/file')) === 'New.\n');
    await write('new/deep/file.md', 'New, and replaced.\n');
    await until('it is written', async () => (await exported('live/new/deep/file')) === 'New, and replaced.\n');
    await replace('live/new/deep/file', 'Replaced from afar.\n');
    await until('the file says so', async () => (await read('new/deep/file.md')) === 'Replaced from afar.\n');
    await appendFile(path('new/deep/file.md'), '\nAnd saved.\n');
    await until('it is written', async () => (await exported('live/new/deep/file')) === 'Replaced from afar.\n\nAnd saved.\n');
    await create('live/other', 'Other.\n');
    await until('it is a file', async () => (await read('other.md')) === 'Other.\n');
    live.child.kill('SIGINT');
    assert.equal(await live.ended, 0);
  });

  it('[X11] loses no line when it is killed at any moment', async (t) => {
    const random = seededRandom();
    t.diagnostic(`SEED=${random.seed}`);
    const { start, sync, path, read } = await scene(t, 'killed/');
    const lines = { file: new Set<string>(), document: new Set<string>() };
    await create('killed/plan', 'Begin.\n');
    await sync();
    for (let round = 0; round < 5; round++) {
      const live = start();
      const until_ = Date.now() + 1_500 + random.below(1_500);
      for (let at = 0; Date.now() < until_; at++) {
        const line = `${at % 2 === 0 ? 'file' : 'document'} ${round} ${at}`;
        if (at % 2 === 0) {
          lines.file.add(line);
          await appendFile(path('plan.md'), `\n${line}\n`);
        } else {
          lines.document.add(line);
          const made = await ask('/killed%2Fplan/edits', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ operations: [{ op: 'insert', at: 'end', markdown: line }] }),
          });
          assert.equal(made.status, 200);
        }
        await new Promise((resolve) => setTimeout(resolve, random.below(200)));
      }
      live.child.kill('SIGKILL');
      await live.ended;
    }
    assert.equal((await sync()).code, 0);
    const [file, document] = [(await read('plan.md'))!, (await exported('killed/plan'))!];
    assert.equal(file, document);
    for (const line of [...lines.file, ...lines.document]) assert.ok(document.includes(`${line}\n`), `"${line}" is lost`);
    t.diagnostic(`${lines.file.size} lines of the file and ${lines.document.size} of the document, 5 kills`);
  });
});
