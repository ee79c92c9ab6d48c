import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { root } from './node.mjs';

/** Stands for the server: says how it was called, and ends with 7 when asked to. */
const SERVER = `
  const stay = setInterval(() => {}, 60_000);
  process.once('SIGTERM', () => { clearInterval(stay); process.exitCode = 7; });
  console.log('called', ...process.argv.slice(2));
`;

describe('npm start', () => {
  let project: string;
  const running: ChildProcess[] = [];

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'inkwire-start-'));
    cpSync(join(root, 'launch'), join(project, 'launch'), { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(root, file), join(project, file));
    for (const folder of ['server', 'web']) mkdirSync(join(project, folder));
    writeFileSync(join(project, 'server/main.ts'), SERVER);
    writeFileSync(join(project, 'web/index.html'), '<title>A page</title>');
    const config = { root: 'web', build: { outDir: '../dist/web', emptyOutDir: true } };
    writeFileSync(join(project, 'vite.config.ts'), `export default ${JSON.stringify(config)};`);
  });
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    rmSync(project, { recursive: true, force: true });
  });

  const usePackages = () => symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));

  /** Starts, and resolves once the server was called or the start has failed. */
  async function start(env: NodeJS.ProcessEnv = {}, ...args: string[]) {
    const child = spawn(process.execPath, ['launch/run.mjs', 'start', ...args], {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let output = '';
    const ended = once(child, 'close');
    await new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk;
          if (/^called/m.test(output)) resolve();
        });
      }
      child.once('close', () => resolve());
    });
    return { child, output, ended };
  }

  it('hands its arguments to the server, and keeps signals and the exit code', async () => {
    usePackages();
    const { child, output, ended } = await start({}, '--port', '9000');
    assert.match(output, /^called serve --port 9000$/m);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [7, null]);
  });

  it('has the system be given back large memory, unless the operator has said otherwise', {
    skip: process.platform !== 'linux',
  }, async () => {
    usePackages();
    const envOf = ({ child }: Awaited<ReturnType<typeof start>>) =>
      readFileSync(`/proc/${child.pid}/environ`, 'utf8')
        .split('\0')
        .filter((line) => line.startsWith('MALLOC_'));
    assert.deepEqual(envOf(await start()), ['MALLOC_MMAP_THRESHOLD_=131072']);
    assert.deepEqual(envOf(await start({ MALLOC_MMAP_THRESHOLD_: '1' })), ['MALLOC_MMAP_THRESHOLD_=1']);
  });

  it('builds the web part the first time and when it has changed, and needs no npm for that', async () => {
    usePackages();
    const bare = { PATH: '', npm_execpath: '' };
    assert.match((await start(bare)).output, /building the web part … .*s\n/);
    assert.equal((await start(bare)).output, 'called serve\n');
    writeFileSync(join(project, 'web/index.html'), '<title>Another page</title>');
    assert.match((await start(bare)).output, /building the web part/);
    rmSync(join(project, 'dist'), { recursive: true });
    assert.match((await start(bare)).output, /building the web part/);
  });

  it('says in a sentence that the registry cannot be reached', async () => {
    const { child, output, ended } = await start({
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_cache: join(project, 'empty-cache'),
      npm_config_fetch_retries: '0',
    });
    await ended;
    assert.equal(child.exitCode, 1, output);
    assert.match(output, /installing packages … failed\n\ninkwire: npm cannot reach its registry\. Check the network/);
    assert.doesNotMatch(output, /npm\.mjs/);
  });

  it('says in a sentence that npm is missing', async () => {
    const { child, output, ended } = await start({ PATH: '', npm_execpath: '' });
    await ended;
    assert.equal(child.exitCode, 1, output);
    assert.match(output, /inkwire: npm is not installed, and the set-up needs it\./);
  });

  it('shows what the build of the web part complains of', async () => {
    usePackages();
    rmSync(join(project, 'web/index.html'));
    const { child, output, ended } = await start();
    await ended;
    assert.equal(child.exitCode, 1, output);
    assert.match(output, /inkwire: vite build failed:/);
    assert.match(output, /index\.html/);
  });
});
