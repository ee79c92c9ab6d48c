import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTestOptions, TEST_HELP } from './test-options.ts';

describe('what stands behind npm test --', () => {
  it('is words, a case, what is to be left out', () => {
    const none = { words: [], pattern: null, fast: false, soak: false, help: false };
    assert.deepEqual(readTestOptions([]), none);
    assert.deepEqual(readTestOptions(['server/access', 'web', '--case', '[A1] a › revoked']), {
      ...none,
      words: ['server/access', 'web'],
      pattern: '\\[A1\\] a revoked',
    });
    assert.deepEqual(readTestOptions(['--fast', '--case=x']), { ...none, fast: true, pattern: 'x' });
    assert.deepEqual(readTestOptions(['--soak']), { ...none, soak: true });
    assert.deepEqual(readTestOptions(['-h']), { ...none, help: true });
  });

  for (const [args, complaint] of [
    [['--nonsense'], /^Unknown option '--nonsense'\. "npm test -- --help" tells what there is\.$/],
    [['--fast=yes'], /--fast/],
    [['--case'], /--case/],
    [['--fast', '--soak'], /^--fast and --soak cannot go together/],
  ] as const) {
    it(`is refused in a sentence: ${args.join(' ')}`, () =>
      assert.throws(() => readTestOptions(args), { name: 'Error', message: complaint }));
  }

  it('is all in the help', () => {
    for (const word of ['WORD', '--case', '--fast', '--soak', '--help']) assert.ok(TEST_HELP.includes(word), word);
  });
});
