import { type Config, ConfigError, fromEnvironment, readConfig } from '../config.ts';
import { version } from '../version.ts';
import { type Command, CommandError, configOptions, givenConfig } from './command.ts';

/** A running server, as `createApp` returns it. */
export interface RunningApp {
  readonly url: string;
  /** Where its documents lie, for a person to read. */
  readonly storage: string;
  /** Who may come in. */
  readonly access: 'open' | 'tokens';
  close(): Promise<void>;
}

function startFailure(error: unknown, { host, port }: Config): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const another = port === 65_535 ? 0 : port + 1;
    return new CommandError(
      `Port ${port} on ${host} is taken by another program, perhaps another Inkwire. Nothing was changed. Choose another with --port ${another}, or --port 0 for any free one.`,
    );
  }
  if (code === 'EACCES' && port < 1024) {
    return new CommandError(`Port ${port} is not for ordinary users. Nothing was changed. Choose one from 1024 up with --port.`);
  }
  if (error instanceof ConfigError) return error;
  return new CommandError(`Inkwire could not start: ${message} What was saved is untouched.`);
}

/** `start` is `createApp`, handed in so that help need not load the server. */
export function serveCommand(start: (config: Config) => Promise<RunningApp>): Command {
  return {
    name: 'serve',
    summary: 'run the server',
    operands: [],
    options: configOptions(),
    async run({ options, env, io }) {
      const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
      const stopped = stopRequests(io.onStop);
      const app = await start(config).catch((error: unknown) => {
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
