import { median, spread } from '../figures/percentile.ts';
import type { Metric, Outcome, Target } from '../workloads/workload.ts';
import { figure, textTable } from './text-table.ts';

/** A server as the table names it. */
export interface Column {
  readonly id: string;
  readonly title: string;
}

/** A workload with what every round of every server came to. */
export interface Measured {
  readonly id: string;
  readonly title: string;
  readonly metrics: Readonly<Record<string, Metric>>;
  /** By server, in the order of the rounds. */
  readonly outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

/** More of one core than this, and the generator may have been what was measured. */
const GENERATOR_LIMIT = 0.9;

/** Medians of all rounds, the first server ÷ each other, and what is to be reached. */
export function comparison(measured: readonly Measured[], columns: readonly Column[]): string {
  const [own, ...peers] = columns;
  const head = ['', ...columns.map(({ title }) => title), ...peers.map(({ title }) => `÷ ${title}`), 'target'];
  const rows = measured.flatMap((workload) => [
    [`**${workload.title}**`],
    ...Object.entries(workload.metrics).map(([key, metric]) => {
      const values = columns.map(({ id }) => median(figuresOf(workload, id, key)));
      const ratios = peers.map((_, index) => values[0]! / values[index + 1]!);
      return [metric.title, ...values.map(figure), ...ratios.map(figure), verdict(metric.target, values[0]!, ratios[0] ?? Number.NaN)];
    }),
    ['generator, share of its core', ...columns.map(({ id }) => generatorShare(workload, id))],
  ]);
  return own === undefined ? '' : textTable(head, rows);
}

function figuresOf({ outcomes }: Measured, server: string, key: string): number[] {
  return (outcomes.get(server) ?? []).map(({ figures }) => figures[key] ?? Number.NaN);
}

function verdict(target: Target | undefined, value: number, ratio: number): string {
  if (target === undefined) return '';
  const subject = target.of === 'ratio' ? ratio : value;
  const wanted = target.atMost === undefined ? `≥ ${figure(target.atLeast ?? 0)}` : `≤ ${figure(target.atMost)}`;
  const reached = subject <= (target.atMost ?? Number.POSITIVE_INFINITY) && subject >= (target.atLeast ?? Number.NEGATIVE_INFINITY);
  return `${wanted} ${target.of === 'ratio' ? '× stock ' : ''}${reached ? 'reached' : 'MISSED'}`;
}

function generatorShare({ outcomes }: Measured, server: string): string {
  const share = Math.max(0, ...(outcomes.get(server) ?? []).map((outcome) => outcome.generatorShare));
  return `${Math.round(share * 100)} %${share > GENERATOR_LIMIT ? ' (the bottleneck)' : ''}`;
}

/** What was measured for each tenth of a history, medians of the rounds; '' when nothing was. */
export function tenths(measured: readonly Measured[], columns: readonly Column[]): string {
  const rows = measured.flatMap(({ outcomes }) => {
    const titles = Object.keys([...outcomes.values()][0]?.[0]?.tenths ?? {});
    return titles.flatMap((title) =>
      columns.map((column) => {
        const rounds = (outcomes.get(column.id) ?? []).map((outcome) => outcome.tenths?.[title] ?? []);
        const cells = Array.from({ length: 10 }, (_, tenth) => figure(median(rounds.map((round) => round[tenth] ?? Number.NaN))));
        return [`${column.title}: ${title}`, ...cells];
      }),
    );
  });
  if (rows.length === 0) return '';
  return textTable(['tenth of the history', ...Array.from({ length: 10 }, (_, tenth) => String(tenth + 1))], rows);
}

/** How far the rounds lay apart: a sentence. */
export function noise(measured: readonly Measured[]): string {
  const all = measured.flatMap(({ metrics, outcomes }) =>
    Object.entries(metrics).flatMap(([key, { title }]) =>
      [...outcomes].map(([server, rounds]) => ({
        title,
        server,
        rounds: rounds.length,
        by: spread(rounds.map(({ figures }) => figures[key]!)),
      })),
    ),
  );
  if (all.every(({ rounds }) => rounds < 2)) return 'One round, so nothing is known of the noise; take differences under 15 % for a tie.';
  const known = all.filter(({ by }) => Number.isFinite(by)).sort((one, other) => other.by - one.by);
  const middle = median(known.map(({ by }) => by));
  const worst = known.slice(0, 3).map(({ title, server, by }) => `${title} of ${server} ${Math.round(by * 100)} %`);
  return `Between the rounds a figure varied by ${Math.round(middle * 100)} % (range ÷ median, median over all figures); the most: ${worst.join('; ')}.`;
}
