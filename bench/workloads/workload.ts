import type { Prepare } from './stages.ts';

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
  /** How the turns come to one figure, if not by their median: a single loss is not to hide behind it. */
  readonly over?: 'sum' | 'max';
  /** Told turn by turn, too: each turn has another part of the history. */
  readonly eachTurn?: boolean;
}

/** One size of a workload. Sizes are measured one after another, each with servers and databases of its own. */
export interface Size<Key extends string = string> {
  /** Measured when it should be quick, too. */
  readonly quick: boolean;
  readonly prepare: Prepare<Key>;
}

export interface Workload<Key extends string = string> {
  readonly id: string;
  readonly title: string;
  /** How it is measured, for the page. */
  readonly method: string;
  readonly metrics: Readonly<Record<Key, Metric>>;
  /** Servers that it asks nothing of: all take part without it. */
  readonly needs?: 'acknowledgements' | 'storage' | 'history';
  /** How many turns each server has, and how many when it should be quick. */
  readonly turns: { readonly full: number; readonly quick: number };
  /** A server tells it once: each turn begins with a server and a database that are new. */
  readonly anew?: boolean;
  /** Left out when it should be quick, unless it is asked for. */
  readonly long?: boolean;
  readonly sizes: readonly Size<Key>[];
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
