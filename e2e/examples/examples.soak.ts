import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../launch/node.mjs';
import { npm } from '../../launch/npm.mjs';
import { Pages } from '../browser/open-pages.ts';
import { SECRET, tokenOf } from '../browser/tokens.ts';
import { until } from '../wait.ts';
import { Example } from './example.ts';
import { packEditor } from './packed.ts';
import { serveFolder } from './static-site.ts';
import { TEMPLATES } from './templates.ts';
import { assertWrittenIn } from './written-in.ts';

/** Where to save what the examples look like; nowhere unless it is named. */
const PICTURES = process.env.INKWIRE_PICTURES;
const picture = (name: string) => (PICTURES === undefined ? undefined : join(PICTURES, `example-${name}.png`));

describe('all examples', () => {
  let pages: Pages;
  let folder: string;
  let tarball: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkwire-examples-'));
    [pages, tarball] = await Promise.all([Pages.open(), packEditor(folder)]);
  });
  after(async () => {
    await pages?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('plain HTML', async () => {
    const site = await serveFolder(join(root, 'examples/plain-html'), (page) => page.replaceAll('http://127.0.0.1:8787', pages.server.url));
    try {
      await assertWrittenIn(pages, `${site.address}/`, 'examples/plain', picture('plain-html'));
    } finally {
      await site.stop();
    }
  });

  for (const [name, document] of [
    ['react-vite', 'examples/react'],
    ['vue-vite', 'examples/vue'],
    ['svelte-vite', 'examples/svelte'],
  ] as const) {
    it(`${name}: as it is developed and as it is built`, async () => {
      const example = await Example.install(name, folder, tarball);
      const env = { VITE_INKWIRE_SERVER: pages.server.url };
      await example.run('check');
      await example.run('build', env);
      const built = await serveFolder(join(example.folder, 'dist'));
      try {
        await assertWrittenIn(pages, `${built.address}/`, document, picture(name));
      } finally {
        await built.stop();
      }
      const developed = await example.serve('dev', ['--host', '127.0.0.1', '--port', '0'], env);
      try {
        await assertWrittenIn(pages, `${developed.address}/`, document);
      } finally {
        await developed.stop();
      }
      example.remove();
    });
  }

  it('nextjs: rendered on a server, with either bundler and as it is developed', async () => {
    const example = await Example.install('nextjs', folder, tarball);
    const env = { INKWIRE_SERVER: pages.server.url };
    await example.run('check');
    for (const [script, args] of [
      ['build', []],
      ['build', ['--webpack']],
    ] as const) {
      await example.run(script, env, args);
      const started = await example.serve('start', ['--hostname', '127.0.0.1', '--port', '0'], env);
      try {
        const html = await (await fetch(started.address)).text();
        assert.match(html, /<inkwire-editor[^>]*document="examples\/nextjs"/, 'the element is in what the server rendered');
        await assertWrittenIn(pages, started.address, 'examples/nextjs', picture('nextjs'));
      } finally {
        await started.stop();
      }
    }
    const developed = await example.serve('dev', ['--hostname', '127.0.0.1', '--port', '0'], env);
    try {
      await assertWrittenIn(pages, developed.address, 'examples/nextjs');
    } finally {
      await developed.stop();
    }
    example.remove();
  });

  it('the types of every framework’s templates check, with those of all libraries', async () => {
    const place = join(folder, 'templates');
    mkdirSync(place);
    const dependencies = Object.assign({}, ...TEMPLATES.map(({ packages }) => packages));
    dependencies['@inkwire/editor'] = `file:../${basename(tarball)}`;
    writeFileSync(join(place, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
    await npm(place, ['install', '--prefer-offline', '--install-links']);
    for (const { framework, source, file, text } of TEMPLATES) {
      writeFileSync(join(place, file), text);
      const options = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, types: [] };
      const language = { target: 'es2023', lib: ['es2023', 'dom'], module: 'esnext', moduleResolution: 'bundler' };
      const jsx = { jsx: source === 'solid-js' ? 'preserve' : 'react-jsx', jsxImportSource: source };
      writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, ...language, ...jsx }, files: [file] }));
      const tsc = spawnSync(process.execPath, [join(root, 'e2e/node_modules/typescript/bin/tsc'), '-p', place], { encoding: 'utf8' });
      assert.equal(tsc.status, 0, `${framework}: ${tsc.stdout}`);
    }
  });
});

describe('express-tokens', () => {
  let pages: Pages;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkwire-examples-'));
  });
  after(async () => {
    await pages?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('signs people in and says what they may do', async () => {
    const example = await Example.install('express-tokens', folder, await packEditor(folder));
    await example.run('check');
    const port = await freePort();
    pages = await Pages.open({ INKWIRE_SECRET: SECRET, INKWIRE_ORIGINS: `http://localhost:${port}` });
    const admin = await tokenOf({ sub: 'admin', name: 'Admin', access: { '*': 'admin' } });
    await pages.create({ name: 'examples/minutes', markdown: 'The minutes.\n' }, admin);
    const served = await example.serve('start', [], { PORT: String(port), INKWIRE_SERVER: pages.server.url, INKWIRE_SECRET: SECRET });
    try {
      const [ada, grace] = [await pages.visit(served.address), await pages.visit(served.address)];
      await ada.page.getByRole('button', { name: 'Ada' }).click();
      await ada.writing();
      await grace.page.getByRole('button', { name: 'Grace' }).click();
      await grace.page.getByText('View only').waitFor();
      await ada.select('end');
      await ada.page.keyboard.type(' Agreed.');
      await grace.page.getByText('The minutes. Agreed.').waitFor();
      await until('it is saved', async () => (await ada.page.locator('#status').innerText()) === 'saved');
      const users = await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.users.map(({ name }) => name));
      assert.deepEqual(users, ['Ada Lovelace', 'Grace Hopper']);
      if (PICTURES !== undefined) await grace.page.screenshot({ path: join(PICTURES, 'example-express-tokens.png'), fullPage: true });
      assert.deepEqual([...ada.complaints, ...grace.complaints], []);
      await ada.leave();
      await grace.leave();
    } finally {
      await served.stop();
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
