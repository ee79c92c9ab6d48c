import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coresIn, shareCores } from './cores.ts';

describe('cores', () => {
  it('reads a list of ranges', () => {
    assert.deepEqual(coresIn(' 0-3,8\n'), [0, 1, 2, 3, 8]);
    assert.deepEqual(coresIn('5'), [5]);
    assert.deepEqual(coresIn(''), []);
  });

  it('leaves the command as it is where nothing can be pinned', () => {
    const cores = shareCores();
    const command = cores.forServer(['node', 'server.ts']);
    assert.deepEqual(command.slice(-2), ['node', 'server.ts']);
    assert.equal(command.length > 2, cores.pinned);
  });
});
