import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { findFormat } from '../../document/formats/format.ts';
import { nameOf } from '../folder/file-name.ts';
import { isWatched } from '../folder/watching.ts';
import { CommandError, type Io } from './command.ts';
import { ask, type Server } from './http-client.ts';
import { bodyOf } from './import-file.ts';
import { forEachOf } from './many.ts';

/**
 * Makes a document of every file below a folder that can be imported, named by its path behind a prefix. A document that is there already stays: an
 * import that was stopped goes on where it was. Exit code.
 */
export async function importMany(server: Server, folder: string, prefix: string, io: Io): Promise<number> {
  const files = await filesIn(folder, '');
  const counts = { made: 0, there: 0, skipped: 0, failed: 0 };
  await forEachOf(files, io, 'files', async (file) => {
    const extension = extname(file);
    const format = findFormat(extension);
    const name = extension === '' ? null : nameOf(file, prefix, extension);
    if (name === null || format?.import !== true) {
      counts.skipped += 1;
      return;
    }
    try {
      const body = bodyOf(new Uint8Array(await readFile(join(folder, file))), format, file);
      const said = await ask(server, `/api/documents?${new URLSearchParams({ name })}`, { method: 'POST', ...body });
      const { warnings = [] } = (await said.json()) as { warnings?: string[] };
      for (const warning of warnings) await io.tell(`${file}: ${warning}`);
      counts.made += 1;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.code === 'document-exists') counts.there += 1;
      else {
        counts.failed += 1;
        await io.tell(`${file}: ${error.message}`);
      }
    }
  });
  const { made, there, skipped, failed } = counts;
  await io.tell(`${made} documents made, ${there} were there already, ${skipped} files of other kinds skipped, ${failed} failed.`);
  return failed > 0 ? 1 : 0;
}

async function filesIn(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: Error) => {
    throw new CommandError(`${join(folder, below)} could not be read: ${error.message}. Nothing was changed.`);
  });
  const found = entries
    .filter((entry) => isWatched(entry.name))
    .map(async (entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? filesIn(folder, path) : entry.isFile() ? [path] : [];
    });
  return (await Promise.all(found)).flat().toSorted();
}
