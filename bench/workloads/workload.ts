import type { BenchPostgres } from '../database/bench-postgres.ts';
import type { Updates } from '../generator/edits.ts';
import type { ServerProcess } from '../servers/server-process.ts';

/** What Inkwire is to reach, by its own figure or by Inkwire ÷ stock. */
export interface Target {
  readonly of: 'figure' | 'ratio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One row of the table. */
export interface Metric {
  /** With its unit. */
  readonly title: string;
  readonly target?: Target;
}

/** What one round of one server came to. */
export interface Outcome<Key extends string = string> {
  readonly figures: Readonly<Record<Key, number>>;
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
  /** Starts the server; the run stops it if the workload does not. */
  readonly start: () => Promise<ServerProcess>;
  readonly paper: Updates;
}

export interface Workload<Key extends string = string> {
  readonly id: string;
  readonly title: string;
  /** How it is measured, for the page. */
  readonly method: string;
  readonly metrics: Readonly<Record<Key, Metric>>;
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
