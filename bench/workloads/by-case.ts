import type { Metric, Outcome, Round, Workload } from './workload.ts';

/** One size of a workload. */
export interface Case {
  /** What its rows begin with. */
  readonly title: string;
  /** Measured when it should be quick, too. */
  readonly quick?: boolean;
}

/**
 * A workload measured in several sizes one after another, each with the same metrics and targets of its own.
 * Each needs documents of its own: the database is the same, and what was typed before would be nothing new.
 */
export function byCase<C extends Case>(
  cases: readonly C[],
  metricsOf: (size: C) => Readonly<Record<string, Metric>>,
  measure: (size: C, round: Round) => Promise<Outcome>,
): Pick<Workload, 'metrics' | 'run'> {
  const named = (title: string, key: string) => `${title}: ${key}`;
  return {
    metrics: Object.fromEntries(
      cases.flatMap((size) =>
        Object.entries(metricsOf(size)).map(([key, metric]) => [
          named(size.title, key),
          { ...metric, title: named(size.title, metric.title) },
        ]),
      ),
    ),
    async run(round) {
      const figures: Record<string, number | undefined> = {};
      let generatorShare = 0;
      for (const size of cases.filter(({ quick }) => quick || !round.quick)) {
        const outcome = await measure(size, round);
        for (const [key, value] of Object.entries(outcome.figures)) figures[named(size.title, key)] = value;
        generatorShare = Math.max(generatorShare, outcome.generatorShare);
      }
      return { figures, generatorShare };
    },
  };
}
