import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runningProcesses } from './leftovers.ts';
import { runTestFile } from './test-file.ts';

// Seconds that no other run of this file uses.
const naps = { hung: `1${process.pid}`, left: `2${process.pid}`, moved: `3${process.pid}` };

const isRunning = (command: string) => runningProcesses().some((running) => running.command === command);

describe('running a test file', () => {
  let folder: string;
  let count = 0;
  const progress: string[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkwire-test-file-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function result(source: string, silence = 60_000, pattern: string | null = null) {
    const file = join(folder, `${++count}.test.ts`);
    writeFileSync(file, `import { it } from 'node:test';\nimport assert from 'node:assert/strict';\n${source}`);
    return runTestFile(file, {
      ...{ cwd: folder, scratch: join(folder, String(count)), limits: { test: 30_000, silence, grace: 300 } },
      ...{ pattern, env: { GIVEN: 'to the file' }, onProgress: (line: string) => progress.push(line) },
    });
  }

  it('counts what passed, failed and was skipped, and shows why', async () => {
    const { passed, failed, skipped, report } = await result(`
      it('a', () => {}); it('b', () => {}); it.skip('c', () => {}); it('d', () => assert.equal('left', 'right'));`);
    assert.deepEqual({ passed, failed, skipped }, { passed: 2, failed: 1, skipped: 1 });
    assert.match(report, /'left' !== 'right'/);
  });

  it('tells a failure by its titles from the outermost, where it stands, and what it told beside', async () => {
    const { failed, report } = await result(`
      import { describe } from 'node:test';
      console.log('printed');
      describe('a door', () => {
        it('opens', () => {});
        describe('of glass', () => { it('breaks', (t) => { t.diagnostic('seed 7'); assert.fail('it is whole'); }); });
        it('closes', () => {});
      });`);
    assert.equal(failed, 1);
    assert.match(
      report,
      /^printed\n✖ a door › of glass › breaks\n {4}\d+\.test\.ts:\d+:\d+\n {4}seed 7\n {4}AssertionError.*: it is whole\n/,
    );
    assert.doesNotMatch(report, /opens|closes|node:internal|failing tests/);
  });

  it('passes on what a file says of how far it is', async () => {
    await result(`it('a', () => console.log('… 1 of 2\\nmore\\n… 2 of 2'));`);
    assert.deepEqual(progress, ['… 1 of 2', '… 2 of 2']);
  });

  it('counts a hook that fails, and tells it by its suite', async () => {
    const { passed, failed, report } = await result(`
      import { after, describe } from 'node:test';
      describe('a house', () => { it('stands', () => {}); after(() => { throw new Error('it is not swept'); }); });`);
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
    assert.match(report, /^✖ a house\n.*\n.*it is not swept/);
    const early = await result(`
      import { before, describe } from 'node:test';
      describe('a house', () => { before(() => { throw new Error('no ground'); }); it('stands', () => {}); describe('has', () => { it('a door', () => {}); }); });`);
    assert.equal(early.failed, 3);
    assert.match(early.report, /^✖ a house\n.*\n {4}2 of its cases were not run\n.*no ground/);
    assert.doesNotMatch(early.report, /stands|door/);
  });

  it('runs the cases whose titles match a pattern, and fails no file in which none does', async () => {
    const source = `import { describe } from 'node:test'; describe('a door', () => { it('opens', () => {}); it('closes', () => assert.fail()); });`;
    const counts = ({ passed, failed, report }: Awaited<ReturnType<typeof result>>) => ({ passed, failed, report });
    assert.deepEqual(counts(await result(source, 60_000, 'door opens$')), { passed: 1, failed: 0, report: '' });
    assert.deepEqual(counts(await result(source, 60_000, 'window')), { passed: 0, failed: 0, report: '' });
  });

  it('hands variables on, and tells the time on the clock and of the CPU, also of what the file has started', async () => {
    const { failed, seconds, cpuSeconds } = await result(`
      import { spawnSync } from 'node:child_process';
      it('a', () => assert.equal(process.env.GIVEN, 'to the file'));
      it('b', () => spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 500_000);']));
      it('c', () => new Promise((resolve) => setTimeout(resolve, 600)));`);
    assert.equal(failed, 0);
    assert.ok(cpuSeconds > 0.5 && cpuSeconds < 30, `${cpuSeconds}`);
    assert.ok(seconds > 1.1, `${seconds}`);
  });

  it('says nothing of a file that passes', async () => {
    const { passed, failed, report } = await result(`it('a', () => {});`);
    assert.deepEqual({ passed, failed, report }, { passed: 1, failed: 0, report: '' });
  });

  it('fails a file without a test', async () => {
    const { failed, report } = await result('');
    assert.equal(failed, 1);
    assert.match(report, /holds no test, or ended before its last one, with exit code 0/);
  });

  it('fails a file that ends before its last test, whatever its exit code', async () => {
    const { failed, report } = await result(`it('a', () => {}); it('b', () => process.exit(0)); it('c', () => {});`);
    assert.equal(failed, 1);
    assert.match(report, /ended before its last one, with exit code 0/);
  });

  it('fails a file that does not start', async () => {
    const { failed, report } = await result(`import './missing.ts';`);
    assert.equal(failed, 1);
    assert.match(report, /missing\.ts/);
  });

  it('kills a file that hangs, with what it started', async () => {
    const { failed, report } = await result(
      `import { spawn } from 'node:child_process';
       it('a', () => { spawn('sleep', ['${naps.hung}'], { stdio: 'ignore' }); setInterval(() => {}, 1000); });`,
      1_500,
    );
    assert.equal(failed, 1);
    assert.match(report, /hung/);
    assert.equal(isRunning(`sleep ${naps.hung}`), false);
  });

  it('fails a file that leaves a process behind, names it and ends it', async () => {
    const { failed, report } = await result(
      `import { spawn } from 'node:child_process';
       it('a', () => { spawn('sleep', ['${naps.left}'], { stdio: 'ignore' }).unref(); });`,
    );
    assert.equal(failed, 1);
    assert.match(report, new RegExp(`left a process behind: \\d+ sleep ${naps.left}`));
    assert.equal(isRunning(`sleep ${naps.left}`), false);
  });

  it('finds a process that left the session by where it works', async () => {
    const { failed, report } = await result(
      `import { spawn } from 'node:child_process';
       import { tmpdir } from 'node:os';
       it('a', () => { spawn('sleep', ['${naps.moved}'], { cwd: tmpdir(), stdio: 'ignore', detached: true }).unref(); });`,
    );
    assert.equal(failed, 1);
    assert.match(report, new RegExp(`left a process behind: \\d+ sleep ${naps.moved}`));
  });

  it('fails a file that leaves a file behind in the temporary folder', async () => {
    const { failed, report } = await result(
      `import { mkdtempSync } from 'node:fs';
       import { tmpdir } from 'node:os';
       it('a', () => { mkdtempSync(tmpdir() + '/forgotten-'); });`,
    );
    assert.equal(failed, 1);
    assert.match(report, /left a file behind in the temporary folder: forgotten-/);
  });
});
