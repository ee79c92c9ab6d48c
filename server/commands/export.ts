import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { exportFormats, findFormat, listFormats } from '../../document/formats/format.ts';
import { type Command, CommandError } from './command.ts';
import { ask, SERVER_OPTION, serverOf, TOKEN_OPTION } from './http-client.ts';

/** The format asked for, or what the output's extension says, or Markdown. */
function formatOf(format: string | undefined, output: string): string {
  const asked = (format ?? extname(output).slice(1)).toLowerCase();
  return asked === '' ? 'markdown' : (findFormat(asked)?.name ?? asked);
}

export const exportCommand: Command = {
  name: 'export',
  summary: 'write a document to a file, as it is at this moment',
  operands: ['NAME'],
  options: [
    {
      flag: 'format',
      value: 'FORMAT',
      default: 'markdown',
      help: `${listFormats(exportFormats)}; else the extension of FILE says`,
    },
    { flag: 'root', value: 'NAME', help: 'the root of a document that is not our editor’s, such as codemirror' },
    { flag: 'output', value: 'FILE', help: 'where to; standard output without it' },
    SERVER_OPTION,
    TOKEN_OPTION,
  ],
  more: 'Asks a running server, so the latest keystrokes are in it.',
  async run({ operands: [name = ''], options, env, io }) {
    const output = typeof options.output === 'string' ? options.output : '-';
    const format = formatOf(typeof options.format === 'string' ? options.format : undefined, output);
    const root = typeof options.root === 'string' ? `&root=${encodeURIComponent(options.root)}` : '';
    const path = `/api/documents/${encodeURIComponent(name)}/export?format=${encodeURIComponent(format)}${root}`;
    const response = await ask(serverOf({ options, env }), path);
    const body = new Uint8Array(await response.arrayBuffer());
    const warnings = Number(response.headers.get('inkwire-warnings') ?? 0);
    if (output === '-') {
      await io.write(body);
    } else {
      await writeFile(output, body).catch((error: Error) => {
        throw new CommandError(`${output} could not be written: ${error.message}. The document is as it was.`);
      });
      await io.tell(`Wrote ${body.byteLength} bytes to ${output}.`);
    }
    const roots = (response.headers.get('inkwire-roots') ?? '').split(', ').filter((name) => name !== '');
    if (roots.length > 0)
      await io.tell(`It is empty: what there is lies in ${roots.map(decodeURIComponent).join(', ')}. Ask for one with --root.`);
    else if (warnings > 0)
      await io.tell(`${warnings} ${warnings === 1 ? 'thing' : 'things'} could not be said in ${format}; json and yjs hold everything.`);
    return 0;
  },
};
