import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OptionError, readOptions } from './options.ts';

const read = (...args: string[]) => readOptions(args, ['replay', 'typing'], ['inkwire', 'stock']);

describe('the options of the bench', () => {
  it('measure everything, and less of the history when it should be quick', () => {
    assert.deepEqual([read().turns, read().starts, read().only, read().edits], [null, 1, [], Number.POSITIVE_INFINITY]);
    assert.equal(read('--quick').edits, 100_000);
    assert.equal(read('--quick', '--edits', '5').edits, 5);
    assert.deepEqual([read('--turns', '9').turns, read('--starts', '2').starts], [9, 2]);
    assert.deepEqual(read('--only', 'typing', '--only', 'replay').only, ['typing', 'replay']);
    assert.equal(read('--beside', '../earlier').beside, '../earlier');
  });

  it('say what would do', () => {
    for (const [args, message] of [
      [['--only', 'reply'], /no workload "reply". Known: replay, typing/],
      [['--server', 'redis'], /no server "redis". Known: inkwire, stock/],
      [['--turns', '0'], /--turns must be a whole number from 1, not "0"/],
      [['--edits', 'many'], /--edits must be/],
      [['--qiuck'], /--qiuck/],
    ] as const) {
      assert.throws(
        () => read(...args),
        (error) => error instanceof OptionError && message.test(error.message),
      );
    }
  });
});
