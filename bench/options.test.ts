import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OptionError, readOptions } from './options.ts';

const read = (...args: string[]) => readOptions(args, ['replay', 'typing'], ['inkwire', 'stock']);

describe('the options of the bench', () => {
  it('measure everything in three rounds, and one when it should be quick', () => {
    assert.deepEqual([read().rounds, read().only, read().edits], [3, [], Number.POSITIVE_INFINITY]);
    assert.deepEqual([read('--quick').rounds, read('--quick').edits], [1, 100_000]);
    assert.equal(read('--quick', '--edits', '5').edits, 5);
    assert.equal(read('--quick', '--rounds', '2').rounds, 2);
    assert.deepEqual(read('--only', 'typing', '--only', 'replay').only, ['typing', 'replay']);
  });

  it('say what would do', () => {
    for (const [args, message] of [
      [['--only', 'reply'], /no workload "reply". Known: replay, typing/],
      [['--server', 'redis'], /no server "redis". Known: inkwire, stock/],
      [['--rounds', '0'], /--rounds must be a whole number from 1, not "0"/],
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
