import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { EDITOR_EXPORTS, FRAMEWORKS } from '../launch/editor-build.ts';
import { npm } from '../launch/npm.mjs';
import { RabbitmqServer, withoutRabbitmq } from './examples/rabbitmq-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the package', { timeout: 240_000 }, () => {
  let folder: string;
  let installed: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkwire-package-'));
    installed = join(folder, 'node_modules/inkwire');
    const build = spawnSync(process.execPath, [join(root, 'launch/run.mjs'), 'build'], { encoding: 'utf8' });
    assert.equal(build.status, 0, build.stderr);
    await npm(root, ['pack', '--pack-destination', folder]);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? assert.fail('npm pack made no tarball');
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    await npm(folder, ['install', '--prefer-offline', `./${tarball}`]);
  });
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('holds what runs, and no more', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((path) => !path.startsWith('node_modules'));
    for (const path of [
      'dist/server/main.js',
      'dist/server/app.d.ts',
      'dist/server/workers/convert-worker.js',
      'dist/server/workers/cut-worker.js',
      'dist/server/history-worker.js',
      'dist/server/storage-worker.js',
      'dist/web/index.html',
      'dist/web/problem.html',
      'dist/web/inkwire.js',
      'dist/editor/editor.js',
      'dist/editor/index.d.ts',
      'dist/editor/react.js',
      'launch/inkwire.mjs',
      'launch/node24/package.json',
      'LICENSE',
    ]) {
      assert.ok(files.includes(path), `${path} is missing`);
    }
    assert.ok(files.some((path) => path.endsWith('.sql')));
    assert.deepEqual(
      files.filter((path) => /\.(test|soak)\.|\.map$|(^|\/)(e2e|bench|patches)(\/|$)|[^d]\.ts$/.test(path)),
      [],
    );
  });

  it('brings the driver as it is patched here', () => {
    for (const file of ['src/connection.js', 'cjs/src/connection.js']) {
      const ours = readFileSync(join(root, 'node_modules/postgres', file), 'utf8');
      assert.equal(readFileSync(join(installed, 'node_modules/postgres', file), 'utf8'), ours);
    }
  });

  it('serves from an empty folder by `npx inkwire serve`, and ends when asked to', async () => {
    const server = spawn('npx', ['inkwire', 'serve'], {
      cwd: folder,
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: npx does not hand a signal on to what it runs.
      detached: true,
    });
    try {
      const url = await printedAddress(server);
      for (const [path, type] of [
        ['/healthz', /json|text/],
        ['/', /^text\/html/],
        ['/inkwire.js', /javascript/],
      ] as const) {
        const response = await fetch(url + path);
        assert.equal(response.status, 200, path);
        assert.match(response.headers.get('content-type') ?? '', type, path);
      }
      // Markdown is read in a thread: its file is found in the package too.
      const headers = { 'Content-Type': 'text/markdown' };
      const created = await fetch(`${url}/api/documents?name=a`, { method: 'POST', headers, body: '# Title' });
      assert.equal(created.status, 201, await created.text());
      assert.ok(existsSync(join(folder, '.inkwire')), 'its data lies in the folder it was started in');
      const ended = once(server, 'close');
      process.kill(-server.pid!, 'SIGTERM');
      await ended;
      await assert.rejects(fetch(`${url}/healthz`));
    } finally {
      killGroup(server);
    }
  });

  it('has types that a strict consumer can check', () => {
    writeFileSync(
      join(folder, 'consumer.ts'),
      `import { createApp } from 'inkwire';
       const app = await createApp({ port: 0, dataDir: './data' });
       const url: string = app.url;
       await app.close();
       // @ts-expect-error a port is a number
       await createApp({ port: url });
      `,
    );
    assertChecks('consumer.ts', { skipLibCheck: false });
  });

  it('has a typed client', () => {
    writeFileSync(
      join(folder, 'client.ts'),
      `import { InkwireClient, type EditMade } from 'inkwire/client';
       const document = new InkwireClient({ url: 'http://127.0.0.1:1', token: async () => 'x' }).document('a');
       const made: EditMade = await document.edit([{ op: 'insert', at: 'end', markdown: 'x' }], { ifVersion: 1 });
       const version: number = made.version;
       // @ts-expect-error there is no such operation
       await document.edit([{ op: 'paint', version }]);
      `,
    );
    assertChecks('client.ts', { skipLibCheck: false });
  });

  it('has types for pages that embed the editor, which need those of no library', () => {
    writeFileSync(
      join(folder, 'page.ts'),
      `import 'inkwire/editor';
       import type { Role } from 'inkwire/editor';
       const element = document.createElement('inkwire-editor');
       element.tokenProvider = async (name) => name;
       element.addEventListener('inkwire-status', ({ detail }) => { const waiting: number = detail.waiting; void waiting; });
       element.addEventListener('inkwire-role', ({ detail }) => { const role: Role = detail.role; void role; });
       document.querySelector('inkwire-editor')?.editor?.chain().focus().toggleBold().run();
       element.sharedDocument?.getMap('ours').set('read', true);
       const markdown: string = await element.getMarkdown();
       // @ts-expect-error the content cannot be set
       element.value = markdown;
       // @ts-expect-error there is no such mode
       element.mode = 'write';
      `,
    );
    assertChecks('page.ts', { skipLibCheck: false });
  });

  it('has those of the libraries inside for pages that name them', () => {
    writeFileSync(
      join(folder, 'libraries.ts'),
      `import 'inkwire/editor';
       declare module 'inkwire/editor' {
         interface Libraries { editor: import('@tiptap/core').Editor; document: import('yjs').Doc }
       }
       const element = document.createElement('inkwire-editor');
       const version: number | undefined = element.sharedDocument?.getMap('ours').size;
       element.editor?.commands.setTextSelection({ from: 1, to: version ?? 1 });
       // @ts-expect-error Tiptap has no such command
       element.editor?.commands.fly();
      `,
    );
    // Tiptap answers for its own types.
    assertChecks('libraries.ts', { skipLibCheck: true });
  });

  it('[N1] has the link over HTTP for stock providers, a few kilobytes, with its types', async () => {
    writeFileSync(
      join(folder, 'provider.ts'),
      `import { HttpSocket } from 'inkwire/transport';
       const socket: WebSocket = new HttpSocket('ws://127.0.0.1:8787/collab');
       socket.onmessage = ({ data }) => void (data as ArrayBuffer).byteLength;
       const Polyfill: new (url: string) => WebSocket = HttpSocket;
       void Polyfill;
      `,
    );
    assertChecks('provider.ts', { skipLibCheck: false });
    const module = readFileSync(join(installed, 'dist/editor/transport.js'));
    assert.ok(gzipSync(module).length < 5_000, `${gzipSync(module).length} bytes, gzipped`);
    const script = `const { HttpSocket } = await import('inkwire/transport'); console.log(HttpSocket.OPEN)`;
    const node = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' });
    assert.equal(node.stdout, '1\n', node.stderr);
  });

  it('exports the package for browsers as that one does itself', () => {
    const { exports, peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const inside = (conditions: object) =>
      Object.fromEntries(Object.entries(conditions).map(([condition, path]) => [condition, path.replace('./', './dist/editor/')]));
    assert.deepEqual(Object.entries(exports['./editor']), Object.entries(inside(EDITOR_EXPORTS['.'])));
    assert.deepEqual(Object.entries(exports['./react']), Object.entries(inside(EDITOR_EXPORTS['./react'])));
    assert.deepEqual(Object.entries(exports['./transport']), Object.entries(inside(EDITOR_EXPORTS['./transport'])));
    assert.deepEqual(peerDependencies, FRAMEWORKS);
    assert.deepEqual(Object.keys(peerDependenciesMeta), Object.keys(FRAMEWORKS));
    const script = `const { InkwireEditorElement } = await import('inkwire/editor'); console.log(typeof InkwireEditorElement)`;
    const server = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' });
    assert.equal(server.stdout, 'function\n', server.stderr);
  });

  it('is what examples/rabbitmq-cluster makes a broker with, which passes the contract', { skip: withoutRabbitmq }, async () => {
    const example = join(folder, 'rabbitmq-cluster');
    const files = readdirSync(join(root, 'examples/rabbitmq-cluster')).filter((name) => /\.(ts|json)$/.test(name));
    for (const name of files) cpSync(join(root, 'examples/rabbitmq-cluster', name), join(example, name));
    // `inkwire` is found in the folder above.
    await npm(example, ['ci', '--prefer-offline']);
    const checked = spawnSync(join(example, 'node_modules/.bin/tsc'), ['-p', example], { encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stdout);
    const server = await RabbitmqServer.start();
    try {
      const env: NodeJS.ProcessEnv = { ...process.env, RABBITMQ_URL: server.url, RABBITMQ_PID: String(server.pid) };
      delete env.NODE_TEST_CONTEXT;
      const run = spawn(process.execPath, ['--test', 'rabbitmq.test.ts'], { cwd: example, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [run.stdout, run.stderr]) stream.on('data', (chunk) => (output += chunk));
      const [code] = await once(run, 'close');
      assert.equal(code, 0, output);
      assert.match(output, /^. pass 9$/m);
    } finally {
      await server.dispose();
    }
  });

  function assertChecks(file: string, more: { skipLibCheck: boolean }): void {
    const options = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [], ...more };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: [file] }));
    const tsc = spawnSync(process.execPath, [join(root, 'e2e/node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
    assert.equal(tsc.status, 0, tsc.stdout);
  }
});

async function printedAddress(server: ChildProcess): Promise<string> {
  let printed = '';
  let complaints = '';
  server.stderr?.on('data', (chunk) => (complaints += chunk));
  return new Promise((resolve, reject) => {
    server.stdout?.on('data', (chunk) => {
      printed += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
      if (address !== null) resolve(address[0]);
    });
    server.once('close', (code) => reject(new Error(`it ended with ${code} before it listened:\n${printed}${complaints}`)));
  });
}

function killGroup(server: ChildProcess): void {
  try {
    process.kill(-server.pid!, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
}
