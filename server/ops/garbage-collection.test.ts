import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { collectLate } from './garbage-collection.ts';

const run = promisify(execFile);

describe('the garbage collection', () => {
  it('is put off by flags that V8 has: what it does not know it only prints', async () => {
    const script = `${collectLate}; import { setFlagsFromString } from 'node:v8'; collectLate();`;
    const { stderr } = await run(process.execPath, ['--input-type=module', '-e', script]);
    assert.equal(stderr, '');
    const wrong = script.replace('trigger', 'triger');
    assert.match((await run(process.execPath, ['--input-type=module', '-e', wrong])).stderr, /triger/, 'it does print it');
  });
});
