import type { BenchPostgres } from '../database/bench-postgres.ts';
import type { Dialect } from '../generator/dialect.ts';
import type { Updates } from '../generator/edits.ts';
import type { Cores } from '../servers/cores.ts';
import type { ServerProcess } from '../servers/server-process.ts';

/** What one turn of one server came to. */
export interface Outcome<Key extends string = string> {
  /** A figure that was not measured this time is missing; one that could not be had is NaN. */
  readonly figures: Readonly<Partial<Record<Key, number>>>;
  /** The share of a core that the generator used while it mattered, 0–1. */
  readonly generatorShare: number;
}

/** What a workload is given: one server, one database. */
export interface Round {
  readonly postgres: BenchPostgres;
  /** The server's database by name, empty at first. */
  readonly database: string;
  /**
   * Starts the server, with flags for Node where it takes them, on a core of its own unless it is to have
   * all of them; the run stops it if the workload does not.
   */
  readonly start: (nodeFlags?: readonly string[], options?: { readonly pinned?: boolean }) => Promise<ServerProcess>;
  readonly cores: Cores;
  readonly dialect: Dialect;
  /** It keeps documents in Postgres. */
  readonly stores: boolean;
  readonly paper: Updates;
  /** Less of it is wanted: only the sizes that have targets. */
  readonly quick: boolean;
}

/** Which turn of a server it is: `number` of 0 … `count` − 1. */
export interface Turn {
  readonly number: number;
  readonly count: number;
}

/** A workload on one server once it is prepared: turns, as many as are wanted, and an end. */
export interface Stages<Key extends string = string> {
  /** A few seconds of what is measured. Between two turns the server is left alone. */
  turn(turn: Turn): Promise<Outcome<Key>>;
  /** Takes down what the preparation made; the server is stopped by whoever gave the means to start it. */
  finish(): Promise<void>;
}

/** Starts the server and brings it to where a turn can begin. */
export type Prepare<Key extends string = string> = (round: Round) => Promise<Stages<Key>>;
