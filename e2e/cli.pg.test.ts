import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));

/** Runs the real program to its end. */
async function inkwire(args: string[], env: Record<string, string> = {}, input = '') {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env }, stdio: 'pipe' });
  child.stdin.end(input);
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const [output, told, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, output, told };
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'inkwire-test-cli-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('the inkwire program', () => {
  it('serves, says where and what, and ends with 0 when asked to', async (t) => {
    const server = await ServerProcess.start();
    t.after(() => server.dispose());
    assert.match(server.output, /^Inkwire \d+\.\d+\.\d+ is at http:\/\/127\.0\.0\.1:\d+$/m);
    assert.ok(server.output.includes(server.dataDir));
    assert.match(server.output, /this machine only/);
    assert.equal(await server.terminate(), 0);
  });

  it('[A3] refuses to be open to other machines, starts nothing, and prints the two lines that change it', async (t) => {
    const { code, output, told } = await inkwire(['serve', '--host', '0.0.0.0', '--port', '0', '--data-dir', await folder(t)]);
    assert.deepEqual({ code, output }, { code: 2, output: '' });
    assert.match(told, /^HOST \(--host\) is 0\.0\.0\.0,.*this machine only/);
    const [, secret = ''] = /^ {2}export INKWIRE_SECRET=([\w-]{43})\n {2}HOST=0\.0\.0\.0 npm start$/m.exec(told) ?? assert.fail(told);
    const server = await ServerProcess.start({ INKWIRE_SECRET: secret, HOST: '0.0.0.0' });
    t.after(() => server.dispose());
    assert.match(server.output, /access {2}by token/);
    assert.ok(!server.output.includes(secret));
    const token = await inkwire(['token', '--sub', 'ada', '--access', '*=view'], { INKWIRE_SECRET: secret });
    const listed = async (headers: Record<string, string>) => (await fetch(`${server.url}/api/documents`, { headers })).status;
    assert.deepEqual([await listed({}), await listed({ authorization: `Bearer ${token.output.trim()}` })], [401, 200]);
  });

  it('names the port that is taken, and leaves no database behind', async (t) => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    t.after(() => taken.close());
    const { port } = taken.address() as AddressInfo;
    const dataDir = await folder(t);
    const { code, told } = await inkwire(['serve', '--data-dir', dataDir], { HOST: '127.0.0.1', PORT: String(port) });
    assert.equal(code, 1);
    assert.match(told, new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken .*--port`));
    const again = await ServerProcess.start({ INKWIRE_DATA_DIR: dataDir });
    await again.dispose();
  });

  it('migrates a fresh database, and finds nothing to do the second time', async (t) => {
    const env = { INKWIRE_DATA_DIR: await folder(t), DATABASE_URL: '' };
    const first = await inkwire(['migrate'], env);
    assert.equal(first.code, 0, first.told);
    assert.match(first.output, /^Applied 0001-/);
    assert.deepEqual(await inkwire(['migrate'], env), { code: 0, output: 'The database is up to date.\n', told: '' });
  });

  it('says what happened when there is no database to migrate', async () => {
    const { code, told } = await inkwire(['migrate', '--database-url', 'postgres://nobody@127.0.0.1:1/none']);
    assert.equal(code, 1);
    assert.match(told, /^The database was not migrated: .* It is as it was/);
  });

  it('imports from a pipe and exports into one', async (t) => {
    const server = await ServerProcess.start();
    t.after(() => server.dispose());
    const env = { INKWIRE_URL: server.url };
    const imported = await inkwire(['import', '-', '--name', 'piped'], env, 'hello *world*\n');
    assert.deepEqual(imported, { code: 0, output: `${server.url}/d/piped\n`, told: '' });
    assert.equal((await inkwire(['export', 'piped', '--format', 'txt'], env)).output, 'hello world');
  });

  it('imports a folder and exports many, and goes on where it was stopped', async (t) => {
    const server = await ServerProcess.start();
    t.after(() => server.dispose());
    const [from, to] = [await folder(t), await folder(t)];
    await mkdir(join(from, 'deep'));
    for (const [file, text] of [
      ['plan.md', '# Plan\n'],
      ['deep/page.html', '<h1>Page</h1>'],
      ['notes.txt', 'one\ntwo\n'],
      ['picture.png', 'no document'],
    ] as const)
      await writeFile(join(from, file), text);
    const env = { INKWIRE_URL: server.url };
    const first = await inkwire(['import', from, '--prefix', 'old/'], env);
    assert.deepEqual([first.code, first.output], [0, ''], first.told);
    assert.match(first.told, /^3 documents made, 0 were there already, 1 files of other kinds skipped, 0 failed\.$/m);
    assert.match((await inkwire(['import', from, '--prefix', 'old/'], env)).told, /^0 documents made, 3 were there already/m);

    const out = ['export', 'old/*', '--format', 'text', '--out', to];
    assert.match((await inkwire(out, env)).told, /^3 written to .*, 0 unchanged since the last time, 0 failed\./m);
    assert.equal(await readFile(join(to, 'deep/page.txt'), 'utf8'), 'Page');
    await fetch(`${server.url}/api/documents/old%2Fnotes/content`, {
      method: 'PUT',
      headers: { 'Content-Type': 'text/plain' },
      body: 'three',
    });
    await rm(join(to, 'plan.txt'));
    assert.match((await inkwire(out, env)).told, /^2 written to .*, 1 unchanged since the last time, 0 failed\./m);
    assert.deepEqual([await readFile(join(to, 'notes.txt'), 'utf8'), await readFile(join(to, 'plan.txt'), 'utf8')], ['three', 'Plan']);
    assert.match((await inkwire(['export', 'old/*'], env)).told, /name it with --out/);
  });
});
