import { type Config, fromEnvironment, readConfig } from '../config.ts';
import { version } from '../version.ts';
import { type Command, type CommandOption, configOptions, givenConfig } from './command.ts';
import { loadExtensions } from './extension-files.ts';
import { startFailure } from './start-failure.ts';

/** A running server, as `createApp` returns it. */
export interface RunningApp {
  readonly url: string;
  /** Where its documents lie, for a person to read. */
  readonly storage: string;
  /** Who may come in. */
  readonly access: 'open' | 'tokens';
  close(): Promise<void>;
}

/** Starts a server with Hocuspocus extensions; `createApp`, handed in so that help need not load the server. */
export type Start = (config: Config, extensions: readonly unknown[]) => Promise<RunningApp>;

export function serveCommand(start: Start): Command {
  return {
    name: 'serve',
    summary: 'run the server',
    operands: [],
    options: [...configOptions(), EXTENSION],
    async run({ options, lists, env, io }) {
      const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
      const stopped = stopRequests(io.onStop);
      const extensions = await loadExtensions(lists.extension ?? []);
      const app = await start(config, extensions).catch((error: unknown) => {
        throw startFailure(error, config);
      });
      await io.write(
        [
          `Inkwire ${version} is at ${app.url}`,
          `  data    ${app.storage}`,
          `  access  ${app.access === 'open' ? 'open, to this machine only' : 'by token; "inkwire token" makes one'}`,
          '  stop    Ctrl+C',
          '',
        ].join('\n'),
      );
      await stopped.first;
      return Promise.race([app.close().then(() => 0), stopped.second.then(() => 1)]);
    },
  };
}

const EXTENSION: CommandOption = {
  flag: 'extension',
  value: 'FILE',
  repeats: true,
  help: 'a module whose default export is a Hocuspocus extension, run as it is; may be given several times (docs/extensions.md)',
};

/** The first and the second time somebody asks the process to stop. */
function stopRequests(onStop: (listener: () => void) => void): { first: Promise<void>; second: Promise<void> } {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let count = 0;
  onStop(() => {
    count += 1;
    (count === 1 ? first : second).resolve();
  });
  return { first: first.promise, second: second.promise };
}
