import type { Outcome, Prepare } from './stages.ts';
import type { Metric, Workload } from './workload.ts';

/** One size of a workload. */
export interface Case {
  /** What its rows begin with. */
  readonly title: string;
  /** Measured when it should be quick, too. */
  readonly quick?: boolean;
}

/** A workload measured in several sizes, each with the same metrics and targets of its own. */
export function byCase<C extends Case>(
  cases: readonly C[],
  metricsOf: (size: C) => Readonly<Record<string, Metric>>,
  prepareOf: (size: C) => Prepare,
): Pick<Workload, 'metrics' | 'sizes'> {
  return {
    metrics: Object.fromEntries(
      cases.flatMap((size) =>
        Object.entries(metricsOf(size)).map(([key, metric]) => [
          named(size.title, key),
          { ...metric, title: named(size.title, metric.title) },
        ]),
      ),
    ),
    sizes: cases.map((size) => ({
      quick: size.quick ?? false,
      prepare: async (round) => {
        const stages = await prepareOf(size)(round);
        return { ...stages, turn: async (turn) => ofCase(size, await stages.turn(turn)) };
      },
    })),
  };
}

const named = (title: string, key: string) => `${title}: ${key}`;

function ofCase({ title }: Case, { figures, ...outcome }: Outcome): Outcome {
  return { ...outcome, figures: Object.fromEntries(Object.entries(figures).map(([key, value]) => [named(title, key), value])) };
}
