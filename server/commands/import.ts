import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Format, fileMediaTypes, findFormat, importFormats, listFormats } from '../../document/formats/format.ts';
import { documentPath } from '../../protocol/document-name.ts';
import { type Command, type CommandContext, CommandError } from './command.ts';
import { ask, SERVER_OPTION, serverOf, TOKEN_OPTION } from './http-client.ts';

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

/** The file as the body of a request that makes a document: as it is, or inside of the API's own JSON. */
function bodyOf(bytes: Uint8Array<ArrayBuffer>, format: Format, file: string): RequestInit {
  const text = format.text ? decoded(bytes, format, file) : null;
  const [type] = fileMediaTypes(format);
  if (type !== undefined) return { headers: { 'Content-Type': text === null ? type : `${type}; charset=utf-8` }, body: bytes };
  try {
    return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ content: JSON.parse(text ?? '') }) };
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}. Nothing was changed.`);
  }
}

function decoded(bytes: Uint8Array, format: Format, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(
      `${file} is not UTF-8 text, as ${format.label} is. Nothing was changed. Import reads ${listFormats(importFormats)}.`,
    );
  }
}

export const importCommand: Command = {
  name: 'import',
  summary: 'make a document of a file',
  operands: ['FILE'],
  options: [
    { flag: 'format', value: 'FORMAT', default: 'markdown', help: `${listFormats(importFormats)}; else the extension of FILE says` },
    { flag: 'name', value: 'NAME', help: 'the name of the document; generated without it' },
    { flag: 'title', value: 'TITLE', help: 'its title; without it the one the file carries, if any' },
    SERVER_OPTION,
    TOKEN_OPTION,
  ],
  more: 'FILE may be - for standard input. Prints the address of the document once it is committed. A document of that name must not exist.',
  async run({ operands: [file = ''], options, env, io }) {
    const server = serverOf({ options, env });
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
