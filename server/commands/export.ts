import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { exportFormats, findFormat, listFormats } from '../../document/formats/format.ts';
import { type Command, type CommandContext, CommandError } from './command.ts';
import { exportMany } from './export-many.ts';
import { ask, SERVER_OPTION, serverOf, TOKEN_OPTION } from './http-client.ts';

/** The format asked for, or what the output's extension says, or Markdown. */
function formatOf(format: string | undefined, output: string): string {
  const asked = (format ?? extname(output).slice(1)).toLowerCase();
  return asked === '' ? 'markdown' : (findFormat(asked)?.name ?? asked);
}

function exportAll(prefix: string, { options, env, io }: Pick<CommandContext, 'options' | 'env' | 'io'>): Promise<number> {
  if (typeof options.out !== 'string') throw new CommandError('Many documents are written to a folder: name it with --out.');
  const asked = formatOf(typeof options.format === 'string' ? options.format : undefined, '');
  const format = findFormat(asked);
  if (format?.export !== true) throw new CommandError(`"${asked}" is not a format. Known are ${listFormats(exportFormats)}.`);
  return exportMany(serverOf({ options, env }), prefix, format, options.out, io);
}

export const exportCommand: Command = {
  name: 'export',
  summary: 'write a document to a file, or many to a folder, as they are at this moment',
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
    { flag: 'out', value: 'DIR', help: 'the folder for a NAME that ends with *' },
    SERVER_OPTION,
    TOKEN_OPTION,
  ],
  more: 'Asks a running server, so the latest keystrokes are in it. A NAME such as "team/*" means all documents that begin so, each a file in DIR; those that have not changed since the last time are not written again.',
  async run({ operands: [name = ''], options, env, io }) {
    if (name.endsWith('*')) return exportAll(name.slice(0, -1), { options, env, io });
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
