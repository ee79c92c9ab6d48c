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
const GENERATOR_LIMIT = 0.8;

/** Those that Inkwire is compared with, in this order: stock with a database takes part where stock alone does not. */
const STOCK = ['stock', 'stock-database'];

/** Medians of all rounds, the first server ÷ stock, and what is to be reached. */
export function comparison(measured: readonly Measured[], columns: readonly Column[]): string {
  const [own] = columns;
  const head = ['', ...columns.map(({ title }) => title), `${own?.title} ÷ stock`, 'target'];
  const rows = measured.flatMap((workload) => [
    [`**${workload.title}**`],
    ...Object.entries(workload.metrics).flatMap(([key, metric]) => {
      const values = new Map(columns.map(({ id }) => [id, median(figuresOf(workload, id, key))]));
      const wasMeasured = columns.some(({ id }) => figuresOf(workload, id, key).length > 0);
      const value = values.get(own?.id ?? '') ?? Number.NaN;
      const stock = STOCK.find((id) => workload.outcomes.has(id)) ?? '';
      const ratio = value / (values.get(stock) ?? Number.NaN);
      const verdicts = (metric.targets ?? []).flatMap((target) => verdict(target, value, values));
      return wasMeasured ? [[metric.title, ...[...values.values(), ratio].map(figure), verdicts.join(', ')]] : [];
    }),
    ['generator, share of its core', ...columns.map(({ id }) => generatorShare(workload, id))],
  ]);
  return own === undefined ? '' : textTable(head, rows);
}

function figuresOf({ outcomes }: Measured, server: string, key: string): number[] {
  return (outcomes.get(server) ?? []).flatMap(({ figures }) => figures[key] ?? []);
}

/** Nothing is said of a server that was not measured. */
function verdict({ times, atMost, atLeast }: Target, value: number, values: ReadonlyMap<string, number>): string[] {
  if (times !== undefined && !values.has(times)) return [];
  const subject = times === undefined ? value : value / values.get(times)!;
  const wanted = atMost === undefined ? `≥ ${figure(atLeast ?? 0)}` : `≤ ${figure(atMost)}`;
  const reached = subject <= (atMost ?? Number.POSITIVE_INFINITY) && subject >= (atLeast ?? Number.NEGATIVE_INFINITY);
  return [`${wanted} ${times === undefined ? '' : `× ${times} `}${reached ? 'reached' : 'MISSED'}`];
}

function generatorShare({ outcomes }: Measured, server: string): string {
  const rounds = outcomes.get(server);
  if (rounds === undefined) return '';
  const share = Math.max(0, ...rounds.map((outcome) => outcome.generatorShare));
  return `${Math.round(share * 100)} %${share > GENERATOR_LIMIT ? ' (the bottleneck)' : ''}`;
}

/** What was measured for each tenth of a history, medians of the rounds; '' when nothing was. */
export function tenths(measured: readonly Measured[], columns: readonly Column[]): string {
  const rows = measured.flatMap(({ outcomes }) => {
    const titles = Object.keys([...outcomes.values()][0]?.[0]?.tenths ?? {});
    return titles.flatMap((title) =>
      columns
        .filter(({ id }) => outcomes.has(id))
        .map((column) => {
          const rounds = outcomes.get(column.id)!.map((outcome) => outcome.tenths?.[title] ?? []);
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
        by: spread(rounds.flatMap(({ figures }) => figures[key] ?? [])),
      })),
    ),
  );
  if (all.every(({ rounds }) => rounds < 2)) return 'One round, so nothing is known of the noise; take differences under 15 % for a tie.';
  const known = all.filter(({ by }) => Number.isFinite(by)).sort((one, other) => other.by - one.by);
  const middle = median(known.map(({ by }) => by));
  const worst = known.slice(0, 3).map(({ title, server, by }) => `${title} of ${server} ${Math.round(by * 100)} %`);
  return `Between the rounds a figure varied by ${Math.round(middle * 100)} % (range ÷ median, median over all figures); the most: ${worst.join('; ')}.`;
}
