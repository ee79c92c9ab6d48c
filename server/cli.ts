import type { AppOptions } from './app.ts';
import { meant, readArguments } from './commands/arguments.ts';
import { backupCommand } from './commands/backup.ts';
import { collectAssetsCommand } from './commands/collect-assets.ts';
import { type Command, CommandError, type Io, UsageError } from './commands/command.ts';
import { exportCommand } from './commands/export.ts';
import { commandHelp, helpText, optionsMarkdown } from './commands/help-text.ts';
import { historyCommand } from './commands/history.ts';
import { importCommand } from './commands/import.ts';
import { migrateCommand } from './commands/migrate.ts';
import { psqlUrlCommand } from './commands/psql-url.ts';
import { restoreCommand } from './commands/restore.ts';
import { type Start, serveCommand } from './commands/serve.ts';
import { syncCommand } from './commands/sync.ts';
import { tokenCommand } from './commands/token.ts';
import { verifyCommand } from './commands/verify.ts';
import { ConfigError } from './config.ts';
import { collectLate } from './ops/garbage-collection.ts';
import { version } from './version.ts';

/** Loaded on use: the server's modules take most of a second that `--help` need not wait for. */
const createApp: Start = async (config, extensions) => {
  collectLate();
  return (await import('./app.ts')).createApp({ ...config, extensions: extensions as AppOptions['extensions'] });
};

/** Runs the command line and resolves with the exit code: 0 done, 1 failed, 2 not understood. */
export async function runCli(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  io: Io,
  start: Start = createApp,
): Promise<number> {
  const commands = [
    ...[serveCommand(start), tokenCommand, migrateCommand, psqlUrlCommand],
    ...[exportCommand, importCommand, syncCommand, historyCommand, backupCommand, restoreCommand, verifyCommand, collectAssetsCommand],
  ];
  try {
    return await run(commands, argv, env, io);
  } catch (error) {
    if (error instanceof UsageError) {
      await io.tell(`${error.message} Try "inkwire help".`);
      return 2;
    }
    if (error instanceof ConfigError) {
      await io.tell(error.message);
      return 2;
    }
    const expected = error instanceof CommandError;
    await io.tell(
      expected ? error.message : `Something failed that should not have: ${(error as Error).stack}\nWhat was saved is untouched.`,
    );
    return 1;
  }
}

async function run(
  commands: readonly Command[],
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  io: Io,
): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (name === '--version' || name === 'version') {
    await io.write(`${version}\n`);
    return 0;
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    await io.write(help(commands, rest));
    return 0;
  }
  const command = find(commands, name);
  const { operands, options, lists } = readArguments(command, rest);
  if (options.help === true) {
    await io.write(commandHelp(command));
    return 0;
  }
  return command.run({ operands, options, lists, env, io });
}

function help(commands: readonly Command[], [topic]: readonly string[]): string {
  if (topic === undefined) return helpText(commands);
  return topic === '--markdown' ? optionsMarkdown(commands) : commandHelp(find(commands, topic));
}

function find(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = [...commands.map((candidate) => candidate.name), 'help', '--version'];
  throw new UsageError(`There is no command "${name}".${meant(name, names)}`);
}
