import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Ids of workloads; empty for all. */
  readonly only: readonly string[];
  /** Ids of servers; empty for all. */
  readonly servers: readonly string[];
  /** How many turns each server has; `null` for as many as the workload has by itself. */
  readonly turns: number | null;
  /** How often the servers are started for their turns. */
  readonly starts: number;
  /** Another checkout of the project that takes part; '' for none. */
  readonly beside: string;
  /** Several servers of one database instead of the workloads. */
  readonly nodes: boolean;
  /** Smaller, so that a person waits for it. */
  readonly quick: boolean;
  /** How much of the history is used. */
  readonly edits: number;
  /** Writes docs/benchmarks.md. */
  readonly save: boolean;
  /** Where Postgres keeps its data; '' for a folder of its own beside the project's caches. */
  readonly dataDir: string;
  /** Where the servers' CPU profiles go; '' for none. */
  readonly profileDir: string;
  readonly help: boolean;
}

/** An option could not be used; the message says what would do. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** The whole takes twice as long and changes no ratio. */
const QUICK_EDITS = 100_000;

/** Reads the command line. Throws an `OptionError`. */
export function readOptions(args: readonly string[], workloads: readonly string[], servers: readonly string[]): BenchOptions {
  const { values } = parse(args);
  known('workload', values.only, workloads);
  known('server', values.server, servers);
  return {
    only: values.only,
    servers: values.server,
    turns: values.turns === undefined ? null : count('turns', values.turns),
    starts: count('starts', values.starts),
    beside: values.beside,
    edits: values.edits === undefined ? (values.quick ? QUICK_EDITS : Number.POSITIVE_INFINITY) : count('edits', values.edits),
    nodes: values.nodes,
    quick: values.quick,
    save: values.save,
    dataDir: values['data-dir'],
    profileDir: values['profile-dir'],
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        nodes: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        server: { type: 'string', multiple: true, default: [] },
        turns: { type: 'string' },
        starts: { type: 'string', default: '1' },
        beside: { type: 'string', default: '' },
        edits: { type: 'string' },
        save: { type: 'boolean', default: false },
        'data-dir': { type: 'string', default: '' },
        'profile-dir': { type: 'string', default: '' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new OptionError((error as Error).message);
  }
}

function known(what: string, ids: readonly string[], all: readonly string[]): void {
  const unknown = ids.filter((id) => !all.includes(id));
  if (unknown.length > 0) throw new OptionError(`There is no ${what} "${unknown.join('", "')}". Known: ${all.join(', ')}.`);
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new OptionError(`--${option} must be a whole number from 1, not "${text}".`);
  return number;
}

/** `--help`. */
export function helpText(workloads: readonly Named[], servers: readonly Named[]): string {
  return `Measures Inkwire beside its peers on this machine, on one Postgres.

  --quick             fewer turns, sizes and servers, the first ${QUICK_EDITS.toLocaleString('en-US')} edits of the history
  --only WORKLOAD     only this one; may be given several times
  --server SERVER     only this one; may be given several times
  --turns N           how many turns each server has (workloads differ: 1 to 10, and fewer with --quick)
  --starts N          how often all servers are started anew for their turns (1)
  --beside DIR        with another checkout of the project, to compare a commit with an earlier one
  --nodes             the same rooms on one and two servers, by each broker, and stock with extension-redis, instead of the workloads
  --edits N           the first N edits of the history
  --save              write docs/benchmarks.md
  --data-dir DIR      where Postgres keeps its data (a folder that is removed at the end)
  --profile-dir DIR   write a CPU profile of every server that is started

Workloads
${list(workloads)}

Servers
${list(servers)}
`;
}

interface Named {
  readonly id: string;
  readonly title: string;
}

const list = (named: readonly Named[]) => named.map(({ id, title }) => `  ${id.padEnd(18)}  ${title}`).join('\n');
