import { describeDatabaseFailure } from '../../persistence/database-errors.ts';
import { type Config, ConfigError } from '../config.ts';
import { CommandError } from './command.ts';

/** Why the server did not start, as a sentence or two that say what to do. */
export function startFailure(
  error: unknown,
  { host, port, socket, databaseUrl }: Pick<Config, 'host' | 'port' | 'socket' | 'databaseUrl'>,
): Error {
  if (error instanceof ConfigError) return error;
  // Its name is compared, for its class is loaded with Hocuspocus.
  if (error instanceof Error && error.name === 'ExtensionError') return new ConfigError(error.message);
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (socket !== '' && syscall === 'listen') {
    const why = code === 'EADDRINUSE' ? 'a server answers there, or a file that is no socket lies there' : message;
    return new CommandError(`INKWIRE_SOCKET (--socket) is ${socket}: ${why}. Nothing was changed. Name a path in a folder of your own.`);
  }
  if (code === 'EADDRINUSE') {
    const another = port === 65_535 ? 0 : port + 1;
    return new CommandError(
      `Port ${port} on ${host} is taken by another program, perhaps another Inkwire. Nothing was changed. Choose another with --port ${another}, or --port 0 for any free one.`,
    );
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return new CommandError(`Port ${port} is not for ordinary users. Nothing was changed. Choose one from 1024 up with --port.`);
  }
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo') {
    return new CommandError(
      `HOST (--host) is ${host}, and this machine has no such address. Nothing was changed. Choose one that it has; 0.0.0.0 stands for all of them.`,
    );
  }
  const words = describeDatabaseFailure(error, { embedded: databaseUrl === '' }) ?? `${message.replace(/\.$/, '')}.`;
  return new CommandError(`Inkwire could not start: ${words} What was saved is untouched.`);
}
