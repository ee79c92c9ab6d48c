import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRecent } from './node.mjs';
import { alone } from './npm.mjs';

describe('alone', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkwire-alone-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one in at a time, and all in the end', async () => {
    const lock = join(folder, 'deep/er/a.lock');
    let inside = 0;
    const most: number[] = [];
    const work = async () => {
      most.push(++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    await Promise.all([alone(lock, work), alone(lock, work), alone(lock, work)]);
    assert.deepEqual(most, [1, 1, 1]);
    assert.equal(existsSync(lock), false);
  });

  it('takes over the lock of a process that is gone', async () => {
    const lock = join(folder, 'b.lock');
    writeFileSync(lock, String(spawnSync(process.execPath, ['--version']).pid));
    assert.equal(await alone(lock, async () => 'done'), 'done');
  });

  it('gives the lock back when the work fails', async () => {
    const lock = join(folder, 'c.lock');
    await assert.rejects(
      alone(lock, async () => {
        throw new Error('no');
      }),
      /no/,
    );
    assert.equal(existsSync(lock), false);
  });
});

describe('a recent Node', () => {
  for (const version of ['22.18.0', '22.20.1', '23.6.0', '24.0.0', '26.10.0']) it(`is ${version}`, () => assert.ok(isRecent(version)));
  for (const version of ['18.20.0', '20.20.2', '22.17.9', '23.5.0']) it(`is not ${version}`, () => assert.ok(!isRecent(version)));
});
