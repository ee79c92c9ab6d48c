import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { processFamilyCpuSeconds } from './process-family-cpu.ts';

describe('CPU of a process and its children', () => {
  it('counts what an ended child used', { skip: !existsSync('/proc/self/stat') && 'only Linux has /proc' }, () => {
    const before = processFamilyCpuSeconds(process.pid);
    spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 200_000);']);
    assert.ok(processFamilyCpuSeconds(process.pid) - before >= 0.19);
  });

  it('is unknown for a process that is not there', () => assert.ok(Number.isNaN(processFamilyCpuSeconds(2 ** 30))));
});
