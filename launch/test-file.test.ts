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
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkwire-test-file-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function result(source: string, silence = 60_000) {
    const file = join(folder, `${++count}.test.ts`);
    writeFileSync(file, `import { it } from 'node:test';\nimport assert from 'node:assert/strict';\n${source}`);
    return runTestFile(file, folder, join(folder, String(count)), { test: 30_000, silence, grace: 300 });
  }

  it('counts what passed, failed and was skipped, and shows why', async () => {
    const { passed, failed, skipped, report } = await result(`
      it('a', () => {}); it('b', () => {}); it.skip('c', () => {}); it('d', () => assert.equal('left', 'right'));`);
    assert.deepEqual({ passed, failed, skipped }, { passed: 2, failed: 1, skipped: 1 });
    assert.match(report, /'left' !== 'right'/);
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
