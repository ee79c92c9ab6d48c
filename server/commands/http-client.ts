import { fromEnvironment, readConfig } from '../config.ts';
import { type CommandContext, CommandError, type CommandOption } from './command.ts';

/** The option of every command that talks to a running server. */
export const SERVER_OPTION: CommandOption = {
  flag: 'server',
  value: 'URL',
  env: 'INKWIRE_URL',
  default: 'http://HOST:PORT',
  help: 'the running server',
};

/** Who asks. The environment alone says it: every user of a machine can list the arguments of its processes. */
export const TOKEN_OPTION: CommandOption = {
  flag: null,
  value: 'TOKEN',
  env: 'INKWIRE_TOKEN',
  help: 'your token, for a server that asks for one',
};

/** A running server, and the token it is asked with; '' without one. */
export interface Server {
  readonly url: string;
  readonly token: string;
}

/** The server that a command talks to. Throws `CommandError` for an address or a token that is none. */
export function serverOf(context: Pick<CommandContext, 'options' | 'env'>): Server {
  const token = (context.env.INKWIRE_TOKEN ?? '').trim();
  // A header with such a value would fail later, in an error that quotes it.
  if (!/^[\x21-\x7e]*$/.test(token)) throw new CommandError('INKWIRE_TOKEN holds characters that no token has. Nothing was changed.');
  return { url: serverUrl(context), token };
}

/** Where the running server is: `--server`, INKWIRE_URL, or HOST and PORT as `serve` would take them. No slash at the end. */
function serverUrl({ options, env }: Pick<CommandContext, 'options' | 'env'>): string {
  const named = options.server ?? env.INKWIRE_URL;
  if (typeof named === 'string' && named !== '') {
    if (!URL.canParse(named) || !/^https?:/.test(named)) {
      throw new CommandError(`"${named}" is not the address of a server. Give one such as http://127.0.0.1:8787.`);
    }
    return named.replace(/\/+$/, '');
  }
  const { host, port } = readConfig({ host: fromEnvironment(env).host, port: fromEnvironment(env).port });
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Asks the server; a refusal or silence becomes a `CommandError` that says what happened. */
export async function ask({ url: server, token }: Server, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== '') headers.set('Authorization', `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(`${server}${path}`, { ...init, headers });
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CommandError(
      `No server answers at ${server}${reason === '' ? '' : ` (${reason})`}. Nothing was changed. Start one with "inkwire serve", or name another with --server.`,
    );
  }
  if (!response.ok) throw await refusal(server, response);
  return response;
}

/** What helps a caller who is not let in. */
const REMEDY = ' Set INKWIRE_TOKEN to a good one; whoever has the server\'s secret makes one with "inkwire token".';

async function refusal(server: string, response: Response): Promise<CommandError> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('code' in body) || !('title' in body)) {
    return new CommandError(
      `${server} answered ${response.status}, which is not how Inkwire answers. Nothing was changed. Is --server right?`,
    );
  }
  const { title, detail, formats, code } = body as { title: string; detail?: string; formats?: string[]; code: string };
  const known = Array.isArray(formats) ? ` Known are ${formats.join(', ')}.` : '';
  const remedy = response.status === 401 ? REMEDY : '';
  return new CommandError(
    `${title}${detail === undefined || detail === title ? '' : ` ${detail}`}${known}${remedy} Nothing was changed.`,
    code,
  );
}
