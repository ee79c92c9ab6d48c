import { parseArgs } from 'node:util';

export interface ConformanceOptions {
  /** The server to ask; '' for Inkwire and stock Hocuspocus, which are started for it. */
  readonly url: string;
  readonly token: string;
  /** The server at `url` follows the rules of the fixture. */
  readonly fixture: boolean;
  /** Major version of the only provider to ask with; `null` for both. */
  readonly provider: 3 | 4 | null;
  /** Only the cases with this word in their title or their group's; '' for all. */
  readonly only: string;
  /** Writes docs/conformance.md. */
  readonly save: boolean;
  readonly help: boolean;
}

/** An option could not be used; the message says what would do. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

export const HELP = `Asks a Hocuspocus server for everything that providers rely on.

  --url URL         the server, ws:// or wss://; Inkwire and stock Hocuspocus when left out
  --token TOKEN     lets a client in at that server to read and write
  --fixture         that server follows the rules of docs/conformance.md, so that everything can be asked
  --provider 3|4    ask with this version of the provider only
  --only WORD       only what has this word in its title
  --save            write docs/conformance.md

It ends with 0 when everything asked holds, otherwise with 1. Of Inkwire and stock a failure that is known and explained is not counted.
`;

/** Reads the command line. Throws an `OptionError`. */
export function readOptions(args: readonly string[]): ConformanceOptions {
  const { url, provider, save, ...rest } = parse(args);
  if (url !== '' && !/^wss?:\/\/[^/]/.test(url)) throw new OptionError(`--url must begin with ws:// or wss://, not "${url}".`);
  if (provider !== undefined && provider !== '3' && provider !== '4') {
    throw new OptionError(`--provider must be 3 or 4, not "${provider}".`);
  }
  if (save && (url !== '' || provider !== undefined || rest.only !== '')) {
    throw new OptionError('--save writes the whole page on Inkwire and stock; leave out --url, --provider and --only.');
  }
  if (url === '' && (rest.token !== undefined || rest.fixture)) throw new OptionError('--token and --fixture go with --url.');
  return { ...rest, url, token: rest.token ?? '', provider: provider === undefined ? null : provider === '3' ? 3 : 4, save };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: '' },
        token: { type: 'string' },
        fixture: { type: 'boolean', default: false },
        provider: { type: 'string' },
        only: { type: 'string', default: '' },
        save: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new OptionError((error as Error).message);
  }
}
