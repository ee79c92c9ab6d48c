import { limitsMarkdown } from '../limits/limits.ts';
import type { Command, CommandOption } from './command.ts';

/** Columns of a terminal that help is set for. */
const WIDTH = 90;

/** Where lines are not broken; printed as a space. */
const KEPT_SPACE = '\u00a0';

function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Two columns: terms, and texts wrapped beside them. */
function columns(rows: readonly (readonly [term: string, text: string])[]): string {
  const left = Math.max(...rows.map(([term]) => term.length)) + 4;
  return rows
    .flatMap(([term, text]) =>
      wrap(text, WIDTH - left).map((line, index) => `${(index === 0 ? `  ${term}` : '').padEnd(left)}${line.replaceAll(KEPT_SPACE, ' ')}`),
    )
    .join('\n');
}

/** How an option is given: on the command line, or by its variable alone. */
function term({ flag, env, value }: CommandOption): string {
  if (flag === null) return `${env}`;
  return value === null ? `--${flag}` : `--${flag} ${value}`;
}

/** The help of an option; its default and variable stay on one line. */
function explanation(option: CommandOption): string {
  const variable = option.flag === null ? 'environment only' : (option.env ?? '');
  const said = [option.default === undefined ? '' : `default ${option.default}`, variable].filter((part) => part !== '');
  return said.length === 0 ? option.help : `${option.help} (${said.join('; ')})`.replace(/ (?=[^(]*\)$)/g, KEPT_SPACE);
}

function usage(command: Command): string {
  return ['inkwire', command.name, ...command.operands, ...(command.options.length === 0 ? [] : ['[options]'])].join(' ');
}

/** What `inkwire --help` prints. */
export function helpText(commands: readonly Command[]): string {
  const rows = commands.map((command) => [[command.name, ...command.operands].join(' '), command.summary] as const);
  return [
    'Inkwire: documents that people edit together, and that scripts read and write.',
    '',
    'Usage: inkwire <command> [options]',
    '',
    columns([...rows, ['help [COMMAND]', 'this, or what a command takes'], ['--version', 'the version of this program']]),
    '',
    'inkwire <command> --help shows the options of a command.',
    '',
  ].join('\n');
}

/** What `inkwire <command> --help` prints. */
export function commandHelp(command: Command): string {
  const options = command.options.map((option) => [term(option), explanation(option)] as const);
  return [
    `Usage: ${usage(command)}`,
    '',
    ...wrap(`${command.summary[0]!.toUpperCase()}${command.summary.slice(1)}.`, WIDTH),
    ...(command.more === undefined ? [] : ['', ...wrap(command.more, WIDTH)]),
    '',
    'Options:',
    columns([...options, ['--help', 'this']]),
    ...(command.options.some(({ env }) => env !== undefined)
      ? ['', 'In parentheses: the default, and the environment variable an option wins over.']
      : []),
    '',
  ].join('\n');
}

/** docs/options.md. */
export function optionsMarkdown(commands: readonly Command[]): string {
  const sections = commands.map((command) =>
    [
      `## \`${usage(command)}\``,
      '',
      `${command.summary[0]!.toUpperCase()}${command.summary.slice(1)}.${command.more === undefined ? '' : ` ${command.more}`}`,
      '',
      '| option | environment | default | |',
      '|---|---|---|---|',
      ...command.options.map((option) => {
        const cell = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``);
        return `| ${option.flag === null ? '' : cell(term(option))} | ${cell(option.env)} | ${cell(option.default)} | ${option.help} |`;
      }),
      '',
    ].join('\n'),
  );
  return [
    '# Options',
    '',
    'Printed by `inkwire help --markdown`, from the tables of `server/options.ts`, `server/commands/` and `server/limits/limits.ts`; a test compares the page.',
    'An option wins over its environment variable, and that over the default. Sizes are bytes, times milliseconds where the name says nothing else.',
    '',
    ...sections,
    '## Limits',
    '',
    "What comes in is bounded. A minute's limit may be used up at once. IPv6 addresses are counted by their /64. Loopback and the",
    'addresses of trusted proxies themselves stand for people who cannot be told apart: of the limits by address only that of bad tokens holds for them.',
    '',
    limitsMarkdown(),
  ].join('\n');
}
