import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from './node.mjs';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
type Packages = Readonly<Record<string, Entry>>;

/** Dependencies, optional ones too, for which the file has no entry: `npm ci` refuses to install then, on any machine. */
function missing(packages: Packages): string[] {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
      .filter((name) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${path || 'the project'} needs ${name}`),
  );
}

/** Where Node looks for a package's dependencies: `node_modules/a/node_modules/b` → that folder with a slash, …, ''. */
function foldersAbove(path: string): string[] {
  const folders = [''];
  for (let at = path.indexOf('/node_modules/'); at >= 0; at = path.indexOf('/node_modules/', at + 1)) folders.push(`${path.slice(0, at)}/`);
  return path === '' ? folders : [...folders, `${path}/`];
}

const packagesOf = (folder: string): Packages => JSON.parse(readFileSync(join(root, folder, 'package-lock.json'), 'utf8')).packages;

const EXAMPLES = ['react-vite', 'vue-vite', 'svelte-vite', 'nextjs', 'express-tokens', 'rabbitmq-cluster', 'yjs-bindings'].map(
  (name) => `examples/${name}`,
);
/** What the examples install from this clone: it is made here, so there is no hash of it. */
const OURS = 'node_modules/@inkwire/editor';

describe('lock files', () => {
  for (const folder of ['', 'e2e', 'bench/peers', 'bench/peers/y-websocket', 'launch/node24', ...EXAMPLES]) {
    it(`of ${folder || 'the project'} names every package, with its hash`, () => {
      const packages = packagesOf(folder);
      assert.ok(Object.keys(packages).length > 3);
      assert.deepEqual(missing(packages), []);
      const unhashed = Object.keys(packages).filter((path) => path !== '' && path !== OURS && packages[path]?.integrity === undefined);
      assert.deepEqual(unhashed, []);
    });

    it(`of ${folder || 'the project'} is that of its package.json, which pins exact versions`, () => {
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const wanted: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies };
      const packages = packagesOf(folder);
      for (const [name, wish] of Object.entries(wanted)) {
        if (`node_modules/${name}` === OURS) continue;
        const version = wish.replace(/^npm:.+@/, ''); // "npm:<package>@1.2.3" installs it under another name
        assert.equal(packages[`node_modules/${name}`]?.version, version, name);
      }
    });
  }

  it('are found wanting when an optional package is missing', () => {
    const packages = { '': { dependencies: { a: '1' } }, 'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-mac': '1' } } };
    assert.deepEqual(missing({ ...packages, 'node_modules/a/node_modules/a-linux': {} }), ['node_modules/a needs a-mac']);
    assert.deepEqual(missing({ ...packages, 'node_modules/a-linux': {}, 'node_modules/a-mac': {} }), []);
  });
});
