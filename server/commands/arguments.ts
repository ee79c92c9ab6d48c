import { parseArgs } from 'node:util';
import { closest } from './closest.ts';
import { type Command, type CommandContext, type CommandOption, UsageError } from './command.ts';

/** Sentence end with what was probably meant. */
export function meant(word: string, known: readonly string[], show = (found: string) => found): string {
  const found = closest(word, known);
  return found === undefined ? '' : ` Did you mean ${show(found)}?`;
}

const HELP: CommandOption = { flag: 'help', value: null, help: 'this' };

const hasFlag = (option: CommandOption): option is CommandOption & { readonly flag: string } => option.flag !== null;

/** Reads what follows a command's name. Throws `UsageError` with one sentence about what is wrong. */
export function readArguments(command: Command, args: readonly string[]): Pick<CommandContext, 'operands' | 'options' | 'lists'> {
  const known = [...command.options, HELP].filter(hasFlag);
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(known.map(({ flag, value }) => [flag, { type: value === null ? 'boolean' : 'string' } as const])),
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const operands: string[] = [];
  const options: Record<string, string | true> = {};
  const lists: Record<string, string[]> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known.find(({ flag }) => flag === token.name);
    if (option === undefined) {
      const flags = known.map(({ flag }) => flag);
      throw new UsageError(`"${command.name}" has no option ${token.rawName}.${meant(token.name, flags, (flag) => `--${flag}`)}`);
    }
    if (option.value === null) {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
      options[token.name] = true;
    } else {
      const swallowed = token.inlineValue === false && token.value.startsWith('-') && token.value !== '-';
      if (token.value === undefined || swallowed) throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.value}.`);
      options[token.name] = token.value;
      if (option.repeats) lists[token.name] = [...(lists[token.name] ?? []), token.value];
    }
  }
  if (options.help === undefined) checkOperands(command, operands);
  return { operands, options, lists };
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const missing = command.operands.filter((operand) => !operand.startsWith('['))[operands.length];
  if (missing !== undefined) throw new UsageError(`"${command.name}" needs ${missing}.`);
  const surplus = operands[command.operands.length];
  if (surplus !== undefined) throw new UsageError(`"${command.name}" does not know what to do with "${surplus}".`);
}
