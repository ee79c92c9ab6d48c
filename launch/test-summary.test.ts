import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from './node.mjs';
import { budgetSeconds, LONGER, TOTAL_BUDGET_SECONDS } from './test-budgets.ts';
import { inOrder, needsOf } from './test-files.ts';
import { fileLine, outcome, slowestFiles, totalTime } from './test-summary.ts';

describe('the summary of a run', () => {
  it('says of a file what came of it, and below it why it failed', () => {
    const file = { file: 'a.test.ts', passed: 3, failed: 1, skipped: 2, seconds: 1.25, cpuSeconds: 0.5, report: '✖ a › b\n\n    why' };
    assert.equal(fileLine(file), '✖ a.test.ts: 3 passed, 1 failed, 2 skipped (1.3 s, 0.5 of CPU)\n    ✖ a › b\n\n        why\n');
    assert.equal(fileLine({ ...file, failed: 0, skipped: 0, report: '' }), '✔ a.test.ts: 3 passed (1.3 s, 0.5 of CPU)\n');
  });

  it('names the slowest against their budgets, and all that went over', () => {
    const quick = Array.from({ length: 20 }, (_, at) => ({ file: `web/${at}.test.ts`, seconds: 1 + at / 100, cpuSeconds: 1 }));
    assert.equal(slowestFiles(quick).match(/web\//g)?.length, 10);
    assert.match(slowestFiles(quick), /^ +1\.2 of +\d+ s {2}web\/19\.test\.ts \(1\.0 s of CPU\)$/m);
    assert.doesNotMatch(slowestFiles(quick), /over/);
    const one = slowestFiles([...quick, { file: 'web/late.test.ts', seconds: 1_000, cpuSeconds: 2 }]);
    assert.match(one, /^ 1000\.0 of .* web\/late\.test\.ts .*← over its budget$/m);
    assert.match(one, /^⚠ One file is over budget/m);
    const many = slowestFiles(quick.map((file) => ({ ...file, seconds: 1_000 })));
    assert.equal(many.match(/←/g)?.length, 20);
    assert.match(many, /^⚠ 20 files are over budget/m);
  });

  it('ends with what failed and the counts', () => {
    assert.equal(outcome({ passed: 3, failed: 0, skipped: 0 }, []), '3 passed, 0 failed\n');
    assert.equal(
      outcome({ passed: 3, failed: 3, skipped: 1 }, ['lint and format', 'a.test.ts']),
      'Failed:\n  ✖ lint and format\n  ✖ a.test.ts\n3 passed, 3 failed, 1 skipped\n',
    );
  });

  it('tells the time of the run, of the whole beside what it may take', () => {
    const time = { seconds: 7.04, cpuSeconds: 61.4, others: 0.1, isWhole: false };
    assert.equal(totalTime(time), 'Took 7.0 s (1 min 1 s of CPU).\n');
    assert.equal(totalTime({ ...time, seconds: 119.7, isWhole: true }), 'Took 2 min 0 s (1 min 1 s of CPU), the budget is 8 min 0 s.\n');
    assert.match(totalTime({ ...time, seconds: TOTAL_BUDGET_SECONDS + 1, isWhole: true }), /over the budget of 8 min 0 s\.$/m);
    assert.match(totalTime({ ...time, others: 0.6 }), /of CPU\)\. Other programs had 60 % of the machine: /);
  });
});

describe('the order of test files', () => {
  it('is what needs nothing first, then the longest', () => {
    const [longest = ''] = Object.keys(LONGER).toSorted((a, b) => budgetSeconds(b) - budgetSeconds(a));
    const files = ['e2e/z.browser.test.ts', 'e2e/b.pg.test.ts', 'web/a.test.ts', longest, 'e2e/a.pg.test.ts', 'document/a.test.ts'];
    assert.deepEqual(inOrder(files), [
      'document/a.test.ts',
      'web/a.test.ts',
      longest,
      'e2e/z.browser.test.ts',
      'e2e/a.pg.test.ts',
      'e2e/b.pg.test.ts',
    ]);
  });

  it('knows what a file needs by its name', () => {
    assert.deepEqual(['a.browser.test.ts', 'a.pg.test.ts', 'pg.test.ts', 'browser/a.test.ts'].map(needsOf), ['browser', 'pg', null, null]);
  });

  it('has budgets of its own only for files that there are', () => {
    for (const file of Object.keys(LONGER)) assert.ok(existsSync(join(root, file)), file);
  });
});
