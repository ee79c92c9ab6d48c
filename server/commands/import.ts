import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Format, findFormat, importFormats, listFormats } from '../../document/formats/format.ts';
import { documentPath } from '../../protocol/document-name.ts';
import { type Command, type CommandContext, CommandError } from './command.ts';
import { ask, SERVER_OPTION, serverOf, TOKEN_OPTION } from './http-client.ts';
import { bodyOf } from './import-file.ts';
import { importMany } from './import-many.ts';

/** The format asked for, or what the file's extension says, or Markdown, which needs no extension (README). */
function formatOf(asked: string | undefined, file: string): Format {
  const format = findFormat(asked ?? extname(file));
  if (format?.import === true) return format;
  if (format === null && asked === undefined) return findFormat('markdown')!;
  const remedy = asked === undefined ? ' If it is one of these whatever its name, say so with --format.' : '';
  throw new CommandError(
    `${format === null ? `"${asked}"` : format.label} cannot be imported; ${listFormats(importFormats)} can.${remedy} Nothing was changed.`,
  );
}

async function readBytes(file: string, io: CommandContext['io']): Promise<Uint8Array<ArrayBuffer>> {
  const read = file === '-' ? io.readInput() : readFile(file);
  return new Uint8Array(
    await read.catch((error: Error) => {
      throw new CommandError(`${file} could not be read: ${error.message}. Nothing was changed.`);
    }),
  );
}

export const importCommand: Command = {
  name: 'import',
  summary: 'make a document of a file, or of each file in a folder',
  operands: ['FILE'],
  options: [
    { flag: 'format', value: 'FORMAT', default: 'markdown', help: `${listFormats(importFormats)}; else the extension of FILE says` },
    {
      flag: 'prefix',
      value: 'PREFIX',
      default: '',
      help: 'of a folder: what the names begin with, such as team/; the path of each file follows',
    },
    { flag: 'name', value: 'NAME', help: 'the name of the document; generated without it' },
    { flag: 'title', value: 'TITLE', help: 'its title; without it the one the file carries, if any' },
    SERVER_OPTION,
    TOKEN_OPTION,
  ],
  more: 'FILE may be - for standard input. Prints the address of the document once it is committed. A document of that name must not exist. Of a folder documents that exist are left as they are, so an import that was stopped goes on where it was.',
  async run({ operands: [file = ''], options, env, io }) {
    const server = serverOf({ options, env });
    const isFolder = await stat(file).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isFolder) return importMany(server, file, typeof options.prefix === 'string' ? options.prefix : '', io);
    const format = formatOf(typeof options.format === 'string' ? options.format : undefined, file);
    const query = new URLSearchParams();
    for (const key of ['name', 'title'] as const) {
      const value = options[key];
      if (typeof value === 'string') query.set(key, value);
    }
    const body = bodyOf(await readBytes(file, io), format, file);
    const response = await ask(server, `/api/documents?${query}`, { method: 'POST', ...body });
    const { name } = (await response.json()) as { name: string };
    await io.write(`${server.url}${documentPath(name)}\n`);
    return 0;
  },
};
