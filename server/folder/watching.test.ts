import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { until } from '../../e2e/wait.ts';
import { FolderWatch } from './watching.ts';

async function watched(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'inkwire-test-watch-'));
  const changed = new Set<string>();
  const watch = new FolderWatch(root, (path) => changed.add(path));
  t.after(async () => {
    watch.close();
    await rm(root, { recursive: true, force: true });
  });
  return { root, changed, watch };
}

it('a folder that is watched tells of a file that was replaced, and of what is written into it after that', async (t) => {
  const { root, changed, watch } = await watched(t);
  await mkdir(join(root, 'deep'));
  await writeFile(join(root, 'deep/a.md'), 'one');
  await watch.refresh();
  // As editors save.
  await writeFile(join(root, 'deep/.a.md.new'), 'two');
  await rename(join(root, 'deep/.a.md.new'), join(root, 'deep/a.md'));
  await until('that it was replaced is told', () => changed.has('deep/a.md'));
  await new Promise((resolve) => setImmediate(resolve));
  changed.clear();
  await appendFile(join(root, 'deep/a.md'), 'three');
  await until('that it was written in is told', () => changed.has('deep/a.md'));
});

it('tells of what is in folders that are made and moved later', async (t) => {
  const { root, changed, watch } = await watched(t);
  await watch.refresh();
  await mkdir(join(root, 'new'));
  await until('the folder is told', () => changed.has('new'));
  await watch.refresh();
  await writeFile(join(root, 'new/a.md'), 'one');
  await until('its file is told', () => changed.has('new/a.md'));
  await rename(join(root, 'new'), join(root, 'moved'));
  await until('the move is told', () => changed.has('moved'));
  await watch.refresh();
  await writeFile(join(root, 'moved/b.md'), 'two');
  await until('a file under its new name is told', () => changed.has('moved/b.md'));
});
