import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));

function inkwire(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });
}

it('[B1] a backup under 50 writers, restored in another folder, has every edit that was acknowledged before it began', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-backup-'));
  const server = await ServerProcess.start();
  const clients = Array.from({ length: 50 }, (_, at) => new WriterClient(server.collab, `document-${at % 10}`));
  let writing = true;
  t.after(async () => {
    writing = false;
    for (const client of clients) client.close();
    await server.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  await Promise.all(clients.map((client) => client.synced()));
  const words: string[][] = clients.map(() => []);
  /** So many of each one's words were acknowledged. */
  const known = clients.map(() => 0);
  const writer = (async () => {
    while (writing) {
      for (const [at, { document, saved }] of clients.entries()) {
        if (saved) known[at] = words[at]!.length;
        const word = `${at}:${words[at]!.length}`;
        words[at]!.push(word);
        document.getArray('words').push([word]);
      }
      await pause(50);
    }
  })();
  await until('everybody was acknowledged something', () => known.every((count) => count > 2));
  const acknowledged = [...known];
  const file = join(folder, 'file.inkwire');
  const backup = await inkwire('backup', file, '--data-dir', server.dataDir);
  assert.equal(backup.code, 0, backup.output);
  assert.match(backup.output, /11 documents as of .*, read back and complete/);
  writing = false;
  await writer;

  const restored = join(folder, 'restored');
  const restore = await inkwire('restore', file, '--data-dir', restored);
  assert.equal(restore.code, 0, restore.output);
  const verified = await inkwire('verify', '--data-dir', restored);
  assert.match(verified.output, /11 documents with [\d,]+ updates: all are whole/);
  const other = await ServerProcess.start({ INKWIRE_DATA_DIR: restored });
  t.after(() => other.dispose());
  const readers = Array.from({ length: 10 }, (_, at) => new WriterClient(other.collab, `document-${at}`));
  t.after(() => {
    for (const reader of readers) reader.close();
  });
  await Promise.all(readers.map((reader) => reader.synced()));
  for (const [at, list] of words.entries()) {
    const held = new Set(readers[at % 10]!.document.getArray('words').toArray());
    const lost = list.slice(0, acknowledged[at]).filter((word) => !held.has(word));
    assert.deepEqual(lost, [], `writer ${at}`);
  }
  const again = await inkwire('restore', file, '--data-dir', restored);
  assert.equal(again.code, 1, 'a database that is in use, or full, takes nothing');
});
