import { readFile } from 'node:fs/promises';
import { documentPath } from '../../protocol/document-name.ts';
import { type Command, type CommandContext, CommandError } from './command.ts';
import { ask, SERVER_OPTION, serverOf, TOKEN_OPTION } from './http-client.ts';

async function readMarkdown(file: string, io: CommandContext['io']): Promise<Uint8Array<ArrayBuffer>> {
  const body =
    file === '-'
      ? await io.readInput()
      : await readFile(file).catch((error: Error) => {
          throw new CommandError(`${file} could not be read: ${error.message}. Nothing was changed.`);
        });
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new CommandError(`${file} is not UTF-8 text. Nothing was changed. Import reads Markdown.`);
  }
  return new Uint8Array(body);
}

export const importCommand: Command = {
  name: 'import',
  summary: 'make a document of a Markdown file',
  operands: ['FILE'],
  options: [
    { flag: 'name', value: 'NAME', help: 'the name of the document; generated without it' },
    { flag: 'title', value: 'TITLE', help: 'its title; without it the one the file carries, if any' },
    SERVER_OPTION,
    TOKEN_OPTION,
  ],
  more: 'FILE may be - for standard input. Prints the address of the document once it is committed. A document of that name must not exist.',
  async run({ operands: [file = ''], options, env, io }) {
    const server = serverOf({ options, env });
    const query = new URLSearchParams();
    for (const key of ['name', 'title'] as const) {
      const value = options[key];
      if (typeof value === 'string') query.set(key, value);
    }
    const response = await ask(server, `/api/documents?${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/markdown; charset=utf-8' },
      body: await readMarkdown(file, io),
    });
    const { name } = (await response.json()) as { name: string };
    await io.write(`${server.url}${documentPath(name)}\n`);
    return 0;
  },
};
