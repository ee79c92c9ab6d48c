import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Format } from '../../document/formats/format.ts';
import { fileOf } from '../folder/file-name.ts';
import { CommandError, type Io } from './command.ts';
import { ask, type Server } from './http-client.ts';
import { forEachOf } from './many.ts';

/** What is in a folder already: the version of each document, by its file. So an export that was stopped goes on where it was. */
const INDEX = '.inkwire-export.json';

interface Listed {
  readonly name: string;
  readonly version: number;
}

/** All documents whose names begin with a prefix. */
export async function listDocuments(server: Server, prefix: string): Promise<Listed[]> {
  const found: Listed[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '100' });
    if (prefix !== '') query.set('search', prefix);
    if (cursor !== null) query.set('cursor', cursor);
    const page = (await (await ask(server, `/api/documents?${query}`)).json()) as { documents: Listed[]; next: string | null };
    for (const { name, version } of page.documents) if (name.startsWith(prefix)) found.push({ name, version });
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

/** Writes every document of a prefix into a folder, a file each; those that have not changed since the last time stay as they are. Exit code. */
export async function exportMany(server: Server, prefix: string, format: Format, folder: string, io: Io): Promise<number> {
  const index = join(folder, INDEX);
  const had = JSON.parse(await readFile(index, 'utf8').catch(() => '{}')) as Record<string, number>;
  const has: Record<string, number> = { ...had };
  const documents = await listDocuments(server, prefix);
  const counts = { written: 0, unchanged: 0, failed: 0, lossy: 0 };
  await mkdir(folder, { recursive: true });
  await forEachOf(documents, io, 'documents', async ({ name, version }) => {
    const file = fileOf(name, prefix, `.${format.extension}`);
    if (file === null) return;
    if (
      had[file] === version &&
      (await readFile(join(folder, file)).then(
        () => true,
        () => false,
      ))
    ) {
      counts.unchanged += 1;
      return;
    }
    try {
      const response = await ask(server, `/api/documents/${encodeURIComponent(name)}/export?format=${format.name}`);
      await writeWhole(join(folder, file), new Uint8Array(await response.arrayBuffer()));
      has[file] = Number(response.headers.get('inkwire-version'));
      if (response.headers.has('inkwire-warnings')) counts.lossy += 1;
      counts.written += 1;
      if (counts.written % 100 === 0) await writeWhole(index, JSON.stringify(has));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      counts.failed += 1;
      await io.tell(`${name}: ${error.message}`);
    }
  });
  await writeWhole(index, JSON.stringify(has));
  const { written, unchanged, failed, lossy } = counts;
  const loss = lossy === 0 ? '' : ` ${lossy} hold something that ${format.name} cannot say; json and yjs hold everything.`;
  await io.tell(`${written} written to ${folder}, ${unchanged} unchanged since the last time, ${failed} failed.${loss}`);
  return failed > 0 ? 1 : 0;
}

async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
  } catch (error) {
    throw new CommandError(`${path} could not be written: ${(error as Error).message}. The documents are as they were.`);
  }
}
