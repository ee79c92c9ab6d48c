import { OPTIONS } from '../options.ts';

/** One option of a command, as `--help` and docs/options.md show it and `readArguments` reads it. */
export interface CommandOption {
  /** `null` when only the environment says it. */
  readonly flag: string | null;
  /** What stands for the value in help; `null` for a switch without one. */
  readonly value: string | null;
  /** The environment variable that says the same, when there is one. */
  readonly env?: string;
  /** May be given more than once; what was given stands in `lists`. */
  readonly repeats?: true;
  /** The default as help shows it. */
  readonly default?: string;
  readonly help: string;
}

/** What a command's run is given of the world. */
export interface CommandContext {
  readonly operands: readonly string[];
  /** The value of each option given, by flag; `true` for a switch. */
  readonly options: Readonly<Record<string, string | true>>;
  /** All values of the options that may be repeated, by flag. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly io: Io;
}

/** The terminal, and the signals that end a process. */
export interface Io {
  /** Standard output. Resolves when the bytes are handed on. */
  write(output: string | Uint8Array): Promise<void>;
  /** Standard error: a sentence, its line end added. */
  tell(sentence: string): Promise<void>;
  /** Everything on standard input. */
  readInput(): Promise<Uint8Array>;
  /** Calls `listener` for each SIGINT and SIGTERM. */
  onStop(listener: () => void): void;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Operands in order; those in brackets may be left out. */
  readonly operands: readonly string[];
  readonly options: readonly CommandOption[];
  /** What else a reader of its help should know; a paragraph. */
  readonly more?: string;
  /** Resolves with the exit code. Throws `UsageError`, `ConfigError` or `CommandError`. */
  run(context: CommandContext): Promise<number>;
}

/** The command line is not understood; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command failed: the message says what happened, what is safe, and what to do. Exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** Of the server's refusal, if it was one. */
  readonly code: string | null;

  constructor(message: string, code: string | null = null) {
    super(message);
    this.code = code;
  }
}

type OptionKey = keyof typeof OPTIONS;

/** Rows of the option table as options of a command. */
export function configOptions(keys = Object.keys(OPTIONS) as OptionKey[]): CommandOption[] {
  return keys.map((key) => {
    const { flag, env, help, default: fallback } = OPTIONS[key];
    const value = typeof fallback === 'number' ? 'N' : 'TEXT';
    return { flag, env, help, value, ...(fallback === '' ? {} : { default: String(fallback) }) };
  });
}

/** The options of the table among those given, by their key there, for `readConfig`. */
export function givenConfig(options: CommandContext['options']): Partial<Record<OptionKey, string>> {
  const given: Partial<Record<OptionKey, string>> = {};
  for (const key of Object.keys(OPTIONS) as OptionKey[]) {
    const { flag } = OPTIONS[key];
    const value = flag === null ? undefined : options[flag];
    if (typeof value === 'string') given[key] = value;
  }
  return given;
}
