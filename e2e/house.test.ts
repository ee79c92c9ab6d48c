import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cycles, folderCycles, pastTheCodec, pastTheDoor, trespasses } from './house/boundaries.ts';
import { retiredNames } from './house/glossary.ts';
import { brokenCitations, promisesOf, sectionsOf } from './house/promises.ts';
import { impurities, misfits, strayProcessUses } from './house/purity.ts';
import { readTree, treeOf } from './house/source-tree.ts';
import { misnamedTests } from './house/test-names.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Beside document/, protocol/ and server/limits/, which are pure as a whole: their clock is an argument. */
const PURE_FILES: readonly string[] = [
  ...['server/config.ts', 'server/options.ts', 'server/option-values.ts', 'server/secret.ts'],
  ...['server/sync/compaction.ts', 'server/sync/lifetime.ts', 'server/sync/origin.ts'],
  ...['server/access/claims.ts', 'server/access/display-name.ts', 'server/access/guest.ts', 'server/edge/origin.ts'],
  ...['server/access/revocations.ts'],
  ...[
    'web/element/ack-ledger.ts',
    'web/element/session-state.ts',
    'web/element/silence.ts',
    'web/element/status.ts',
    'web/element/status-words.ts',
    'web/element/content/markdown-likeness.ts',
  ],
];

const isPure = (path: string) => /^(document|protocol|server\/limits)\//.test(path) || PURE_FILES.includes(path);

describe('the house', () => {
  const tree = readTree(root);

  it('is read whole', () => {
    assert.ok(tree.size > 80, `only ${tree.size} files`);
    assert.ok(tree.get('server/app.ts')?.imports.some(({ specifier }) => specifier === './config.ts'));
  });
  it('has no ring of imports', () => assert.deepEqual(cycles(tree), []));
  it('has no ring of folders', () => assert.deepEqual(folderCycles(tree), []));
  it('has one door to Hocuspocus', () => assert.deepEqual(pastTheDoor(tree), []));
  it('reads and writes frames by the codec', () => assert.deepEqual(pastTheCodec(tree), []));
  it('keeps its boundaries', () => assert.deepEqual(trespasses(tree), []));
  it('names its test files after what they need', () => assert.deepEqual(misnamedTests(tree), []));
  it('keeps IO out of pure files', () => assert.deepEqual(impurities(tree, isPure), []));
  it('looks at the environment, prints and exits only where it starts', () => assert.deepEqual(strayProcessUses(tree), []));
  it('has files of a readable length with names that say something', () => assert.deepEqual(misfits(tree), []));
  it('says the words of its glossary', () => assert.deepEqual(retiredNames(tree), []));
  it('lists only pure files that exist', () => {
    assert.deepEqual(
      PURE_FILES.filter((path) => !tree.has(path)),
      [],
    );
  });
  it('holds what SPEC.md and PROTOCOL.md promise by a test that cites it', () => {
    const promises = promisesOf(readFileSync(join(root, 'SPEC.md'), 'utf8'));
    const sections = sectionsOf(readFileSync(join(root, 'protocol/PROTOCOL.md'), 'utf8'));
    assert.ok(promises.length > 20, `only ${promises.length} promises were found in SPEC.md`);
    assert.ok(sections.length > 5, `only ${sections.length} sections were found in PROTOCOL.md`);
    assert.deepEqual(brokenCitations(tree, [...promises, ...sections]), []);
  });
});

describe('the rules of the house find', () => {
  it('a ring of imports, also one of types', () => {
    assert.deepEqual(
      cycles(treeOf({ 'web/a.ts': `import './b.ts';`, 'web/b.ts': `export * from './c.ts';`, 'web/c.ts': `import './b.ts';` })),
      ['web/b.ts → web/c.ts → web/b.ts'],
    );
    assert.equal(cycles(treeOf({ 'web/a.ts': `import type { B } from './b.ts';`, 'web/b.ts': `type A = import('./a.ts').A;` })).length, 1);
    assert.equal(cycles(treeOf({ 'web/a.ts': `await import('./b.ts');`, 'web/b.ts': `import './a.ts';` })).length, 1);
    assert.deepEqual(
      cycles(treeOf({ 'web/a.ts': `import './b.ts'; import './c.ts';`, 'web/b.ts': `import './c.ts';`, 'web/c.ts': '' })),
      [],
    );
  });

  it('a ring of folders in which no file is in a ring', () => {
    const files = { 'web/a/a.ts': `import '../b/b.ts';`, 'web/b/b.ts': '', 'web/b/c.ts': `import '../a/d.ts';`, 'web/a/d.ts': '' };
    assert.deepEqual(folderCycles(treeOf(files)), ['web/a → web/b → web/a (web/a/a.ts imports web/b/b.ts; web/b/c.ts imports web/a/d.ts)']);
    const options = { 'server/app.ts': `import './limits/a.ts';`, 'server/limits/a.ts': `import '../config.ts';`, 'server/config.ts': '' };
    assert.deepEqual(folderCycles(treeOf(options)), []);
  });

  it('a way to Hocuspocus past its door', () => {
    const found = (path: string, text: string) => pastTheDoor(treeOf({ [path]: text }));
    assert.equal(found('server/sync/room.ts', `import { Document } from '@hocuspocus/server';`).length, 1);
    assert.equal(found('server/sync/room.ts', `import type { Document } from '@hocuspocus/server';`).length, 1);
    assert.equal(found('server/sync/room.ts', 'const a = b as unknown as string;').length, 1);
    assert.deepEqual(found('server/sync/hocuspocus/a.ts', `import { Document } from '@hocuspocus/server';`), []);
    assert.deepEqual(found('server/app.ts', `import type { Extension } from '@hocuspocus/server';`), []);
  });

  it('a frame that is read or written past the codec', () => {
    const found = (path: string, text: string) => pastTheCodec(treeOf({ [path]: text }));
    assert.equal(found('server/sync/member.ts', `import { ackFrame } from '../../protocol/server-frames.ts';`).length, 1);
    assert.deepEqual(found('server/sync/member.ts', `import type { ClientFrame } from '../../protocol/client-frames.ts';`), []);
    assert.equal(found('server/sync/hocuspocus/a.ts', `import { tokenOf } from '../../../protocol/client-frames.ts';`).length, 1);
    assert.equal(found('web/element/a.ts', `import { tokenOf } from '../../protocol/client-frames.ts';`).length, 1);
    assert.equal(found('protocol/a.ts', `import { tokenOf } from './client-frames.ts';`).length, 1);
    assert.deepEqual(found('protocol/codec.ts', `import { tokenOf } from './client-frames.ts';`), []);
    assert.deepEqual(found('server/sync/hocuspocus/a.ts', `import { SyncType } from '../../../protocol/frames.ts';`), []);
    assert.equal(found('server/sync/connections.ts', `import { hocuspocus } from '../../protocol/codec.ts';`).length, 1);
    assert.deepEqual(found('server/app.ts', `import { hocuspocus } from '../protocol/codec.ts';`), []);
    assert.equal(found('server/sync/room.ts', `import { yWebsocket } from '../../protocol/y-websocket.ts';`).length, 1);
    assert.deepEqual(found('server/sync/dialect.ts', `import { yWebsocket } from '../../protocol/y-websocket.ts';`), []);
  });

  const tree = {
    'document/schema.ts': '',
    'protocol/errors.ts': '',
    'persistence/store.ts': '',
    'server/app.ts': '',
    'server/config.ts': '',
    'server/sync/rooms.ts': '',
    'server/http/testing.ts': '',
    'server/ports/link.ts': '',
    'web/element/editor.ts': '',
    'launch/npm.ts': '',
  };
  for (const [from, to] of [
    ['document/a.ts', '../server/config.ts'],
    ['document/a.ts', '../web/element/editor.ts'],
    ['persistence/a.ts', '../server/config.ts'],
    ['web/element/a.ts', '../../persistence/store.ts'],
    ['web/element/a.ts', '../../server/config.ts'],
    ['server/http/a.ts', '../sync/rooms.ts'],
    ['server/ports/a.ts', '../sync/rooms.ts'],
    ['server/ports/a.ts', '../config.ts'],
    ['server/http/a.ts', '../app.ts'],
    ['server/ports/a.ts', '../http/testing.ts'],
    ['server/ports/a.ts', '../config.ts'],
    ['server/http/a.ts', '../../persistence/store.ts'],
    ['server/http/a.ts', './testing.ts'],
    ['server/config.ts', './sync/rooms.ts'],
    ['server/app.ts', '../launch/npm.ts'],
    ['server/app.ts', '../web/element/editor.ts'],
    ['launch/a.ts', '../server/config.ts'],
  ] as const) {
    it(`${from} importing ${to}`, () => {
      const found = trespasses(treeOf({ ...tree, [from]: `import { x } from '${to}';` }));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', new RegExp(`^${from} imports `));
    });
  }
  it('nothing in what is allowed', () => {
    const allowed = treeOf({
      ...tree,
      'server/http/a.ts': `import type { Store } from '../../persistence/store.ts'; import { config } from '../config.ts'; import './b.ts'; import type { Link } from '../ports/link.ts';`,
      'server/http/b.ts': `import '../../document/schema.ts'; import '../../protocol/errors.ts'; import 'hono';`,
      'server/http/a.test.ts': `import './testing.ts'; import '../sync/rooms.ts';`,
      'server/app.ts': `import './sync/rooms.ts'; import '../persistence/store.ts';`,
      'web/app/a.ts': `import '../element/editor.ts'; import '../../document/schema.ts';`,
    });
    assert.deepEqual(trespasses(allowed), []);
  });

  for (const source of [
    `import { readFile } from 'node:fs/promises';`,
    'export const now = () => Date.now();',
    'export const now = () => new Date();',
    'export const dice = () => Math.random();',
    'export const id = () => crypto.randomUUID();',
    'export const load = () => fetch("/x");',
    'export const later = (f: () => void) => setTimeout(f, 1);',
    'export const socket = new WebSocket("ws://x");',
    'export const home = process.env.HOME;',
    'export const body = document.body;',
    'export const say = () => globalThis.console.log(1);',
  ]) {
    it(`IO in a pure file: ${source}`, () => {
      assert.equal(impurities(treeOf({ 'document/a.ts': source }), isPure).length, 1);
      assert.deepEqual(impurities(treeOf({ 'server/sync/a.ts': source }), isPure), []);
    });
  }
  it('no IO in what only has its name', () => {
    const source = `
      /** fetch, Date.now() */ export const text = 'Math.random()';
      export const read = (document: { body: string }, fetch: () => void) => [fetch(), document.body, { process: 1 }, new Date(0)];
      export type Socket = WebSocket; export interface Clock { setTimeout(): void; performance: number }`;
    assert.deepEqual(impurities(treeOf({ 'document/a.ts': source }), isPure), []);
  });

  for (const use of ['process.env.HOME', 'process.exit(1)', 'console.log(1)']) {
    it(`${use} outside the entry points`, () => {
      const paths = ['server/http/a.ts', 'persistence/a.ts', 'web/a.ts', 'server/app.ts'];
      const others = ['server/main.ts', 'server/cli.ts', 'launch/a.ts', 'bench/a.ts', 'e2e/a.ts', 'server/http/a.test.ts'];
      const found = strayProcessUses(treeOf(Object.fromEntries([...paths, ...others].map((path) => [path, `${use};`]))));
      assert.deepEqual(
        found.map((line) => line.split(' ')[0]),
        paths,
      );
    });
  }

  it('a file that is too long or badly named', () => {
    assert.deepEqual(misfits(treeOf({ 'web/a.ts': '\n'.repeat(350) })), []);
    assert.equal(misfits(treeOf({ 'web/a.ts': '\n'.repeat(351) })).length, 1);
    for (const path of ['web/utils.ts', 'web/string-utils.ts', 'web/helpers/a.ts', 'server/common.ts', 'web/aB.ts', 'web/a_b.ts']) {
      assert.equal(misfits(treeOf({ [path]: '' })).length, 1, path);
    }
    assert.deepEqual(misfits(treeOf({ 'web/common-mark.ts': '', 'web/commons.ts': '' })), [
      'web/common-mark.ts is not named after what it is',
    ]);
  });

  it('a promise that is not made, and one that is not held', () => {
    const promises = promisesOf('- **[D1]** No update …\n- **[D2]** A malformed …\n- **[A1]** *Planned.* No bytes …\nSee [D9].');
    assert.deepEqual(promises, [
      { id: 'D1', planned: false },
      { id: 'D2', planned: false },
      { id: 'A1', planned: true },
    ]);
    const found = brokenCitations(
      treeOf({
        'server/a.test.ts': "describe('[D1] x', () => { it(`[Z9] later`, () => {}); it.skip('[D2] later', () => {}); });",
        'server/a.ts': `const title = '[D2]';`,
      }),
      promises,
    );
    assert.deepEqual(found, ['server/a.test.ts cites [Z9], which nothing promises', 'no test cites [D2]']);
  });

  it('a name that is retired, wherever it stands', () => {
    for (const text of [
      'const engine = new Engine();',
      '// the LiveDocument',
      'const MOST_BYTES = 1;',
      '/** Folds the tail. */ // it is folded',
    ]) {
      assert.equal(retiredNames(treeOf({ 'server/a.ts': text })).length, 1, text);
    }
    assert.deepEqual(retiredNames(treeOf({ 'server/a.ts': '// case folded; a scaffold; new BroadcastChannel()' })), []);
  });

  it('a file that does not parse', () => {
    assert.throws(() => treeOf({ 'web/a.ts': 'const = 1' }), SyntaxError);
  });
});
