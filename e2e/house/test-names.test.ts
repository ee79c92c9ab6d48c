import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { treeOf } from './source-tree.ts';
import { misnamedTests } from './test-names.ts';

describe('the rule of the names of test files', () => {
  const tree = {
    'persistence/embedded/embedded-postgres.ts': '',
    'persistence/testing.ts': `import { startEmbeddedPostgres } from './embedded-postgres.ts';`,
    'server/app.ts': `import '../persistence/embedded-postgres.ts';`,
    'server/cli.ts': `import './app.ts';`,
    'launch/browser.ts': '',
    'e2e/server-process.ts': '',
    'e2e/marked-server.ts': `import { ServerProcess } from './server-process.ts';`,
    'e2e/open-pages.ts': `import './server-process.ts'; import '../launch/browser.ts';`,
  };
  for (const [path, source, right] of [
    ['e2e/a.test.ts', `import '../persistence/testing.ts';`, 'a Postgres; its name is e2e/a.pg.test.ts'],
    ['e2e/a.test.ts', `import { marked } from './marked-server.ts';`, 'a Postgres; its name is e2e/a.pg.test.ts'],
    ['e2e/a.test.ts', `await import('../server/app.ts');`, 'a Postgres; its name is e2e/a.pg.test.ts'],
    ['e2e/a.pg.test.ts', `import './open-pages.ts';`, 'a browser; its name is e2e/a.browser.test.ts'],
    ['e2e/a.pg.test.ts', `import './wait.ts';`, 'neither a Postgres nor a browser; its name is e2e/a.test.ts'],
    ['e2e/a.browser.test.ts', `import './marked-server.ts';`, 'a Postgres; its name is e2e/a.pg.test.ts'],
  ] as const) {
    it(`finds ${path} wrong with ${source}`, () => {
      assert.deepEqual(misnamedTests(treeOf({ ...tree, [path]: source })), [`${path} needs ${right}`]);
    });
  }

  it('finds nothing wrong with one that imports types, what runs, or what starts a program', () => {
    const right = {
      'e2e/types.test.ts': `import type { TestDatabase } from '../persistence/testing.ts';`,
      'server/cli.test.ts': `import { runCli } from './cli.ts';`,
      'e2e/start.pg.test.ts': `import { spawn } from 'node:child_process';`,
      'e2e/pages.browser.test.ts': `import './open-pages.ts';`,
    };
    assert.deepEqual(misnamedTests(treeOf({ ...tree, ...right })), []);
  });
});
