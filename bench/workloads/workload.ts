import type { BenchPostgres } from '../database/bench-postgres.ts';
import type { Dialect } from '../generator/dialect.ts';
import type { Updates } from '../generator/edits.ts';
import type { ServerProcess } from '../servers/server-process.ts';

/** What Inkwire is to reach, by its own figure or as a multiple of another server's. */
export interface Target {
  /** The other server's id. */
  readonly times?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One row of the table. */
export interface Metric {
  /** With its unit. */
  readonly title: string;
  readonly targets?: readonly Target[];
}

/** What one round of one server came to. */
export interface Outcome<Key extends string = string> {
  /** A figure that was not measured this time is missing; one that could not be had is NaN. */
  readonly figures: Readonly<Partial<Record<Key, number>>>;
  /** Figures for each tenth of the history, by title. */
  readonly tenths?: Readonly<Record<string, readonly number[]>>;
  /** The share of a core that the generator used while it mattered, 0–1. */
  readonly generatorShare: number;
}

/** What a workload is given: one server, one database, one round. */
export interface Round {
  readonly postgres: BenchPostgres;
  /** The server's database by name, empty at first. */
  readonly database: string;
  /** Starts the server, with flags for Node where it takes them; the run stops it if the workload does not. */
  readonly start: (nodeFlags?: readonly string[]) => Promise<ServerProcess>;
  readonly dialect: Dialect;
  readonly paper: Updates;
  /** Less of it is wanted: only the sizes that have targets. */
  readonly quick: boolean;
}

export interface Workload<Key extends string = string> {
  readonly id: string;
  readonly title: string;
  /** How it is measured, for the page. */
  readonly method: string;
  readonly metrics: Readonly<Record<Key, Metric>>;
  /** Servers that it asks nothing of: all take part without it. */
  readonly needs?: 'acknowledgements' | 'storage';
  /** Left out when it should be quick, unless it is asked for. */
  readonly long?: boolean;
  run(round: Round): Promise<Outcome<Key>>;
}

/** CPU and wall time of this process, the generator. */
export function startGeneratorMeter(): { readonly share: () => number } {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  return {
    share: () => {
      const { user, system } = process.cpuUsage(cpu);
      return (user + system) / 1_000 / (performance.now() - begun);
    },
  };
}
