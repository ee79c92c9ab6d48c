import { median, spread } from '../figures/percentile.ts';
import type { Outcome } from '../workloads/stages.ts';
import type { Metric, Target } from '../workloads/workload.ts';
import { type PairedRatio, pairedRatio, ratioText } from './paired-ratio.ts';
import { figure, textTable } from './text-table.ts';

/** A server as the table names it. */
export interface Column {
  readonly id: string;
  readonly title: string;
}

/** A column of ratios. */
export interface Compared extends Column {
  /** The other server; of several the first that takes part. */
  readonly by: readonly string[];
}

/** A workload with what every turn of every server came to. */
export interface Measured {
  readonly id: string;
  readonly title: string;
  readonly metrics: Readonly<Record<string, Metric>>;
  /** By server, in the order of the turns: those at the same place are of the same minute. */
  readonly outcomes: ReadonlyMap<string, readonly Outcome[]>;
  /** How many turns follow each other on servers that are started once. */
  readonly turnsPerStart: number;
}

/** More of one core than this, and the generator may have been what was measured. */
const GENERATOR_LIMIT = 0.8;

/** Every server's figures, the ratios, and what the first server is to reach. */
export function comparison(measured: readonly Measured[], columns: readonly Column[], ratios: readonly Compared[]): string {
  const [own] = columns;
  if (own === undefined) return '';
  const shown = ratiosBetween(ratios, columns);
  const head = ['', ...columns.map(({ title }) => title), ...shown.map(({ title }) => title), 'target'];
  const rows = measured.flatMap((workload) => [
    [`**${workload.title}**`],
    ...Object.entries(workload.metrics).flatMap(([key, metric]) => {
      const values = columns.map(({ id }) => totalOf(workload, id, key));
      if (values.every((value) => value === null)) return [];
      const ratioCells = shown.map(({ id, by }) => ratioText(ratioOf(workload, id, takingPart(by, workload), key)));
      const verdicts = (metric.targets ?? []).flatMap((target) => verdict(target, workload, own.id, key));
      return [[metric.title, ...values.map((value) => figure(value ?? Number.NaN)), ...ratioCells, verdicts.join(', ')]];
    }),
    ['generator, share of its core', ...columns.map(({ id }) => generatorShare(workload, id))],
  ]);
  return textTable(head, rows);
}

function ratiosBetween(ratios: readonly Compared[], columns: readonly Column[]): Compared[] {
  const ids = columns.map(({ id }) => id);
  return ratios.filter(({ id, by }) => ids.includes(id) && by.some((other) => ids.includes(other)));
}

function takingPart(ids: readonly string[], { outcomes }: Measured): string {
  return ids.find((id) => outcomes.has(id)) ?? '';
}

function figuresOf({ outcomes }: Measured, server: string, key: string): (number | undefined)[] {
  return (outcomes.get(server) ?? []).map(({ figures }) => figures[key]);
}

const isKnown = (value: number | undefined): value is number => value !== undefined;

/** The one figure that the turns come to; `null` where none of them has it. */
function totalOf(workload: Measured, server: string, key: string): number | null {
  const values = figuresOf(workload, server, key).filter(isKnown);
  if (values.length === 0) return null;
  const { over } = workload.metrics[key] ?? {};
  if (over === 'sum') return values.reduce((sum, value) => sum + value);
  return over === 'max' ? Math.max(...values) : median(values);
}

/** Turn by turn, or of the one figure where the turns come to a sum or a maximum. */
function ratioOf(workload: Measured, own: string, other: string, key: string): PairedRatio {
  const perTurn = (server: string) =>
    workload.metrics[key]?.over === undefined ? figuresOf(workload, server, key) : [totalOf(workload, server, key) ?? undefined];
  return pairedRatio(perTurn(own), perTurn(other));
}

/** Nothing is said of a server that was not measured. */
function verdict({ times, atMost, atLeast }: Target, workload: Measured, own: string, key: string): string[] {
  if (times !== undefined && totalOf(workload, times, key) === null) return [];
  const subject = times === undefined ? (totalOf(workload, own, key) ?? Number.NaN) : ratioOf(workload, own, times, key).median;
  const wanted = atMost === undefined ? `≥ ${figure(atLeast ?? 0)}` : `≤ ${figure(atMost)}`;
  const reached = subject <= (atMost ?? Number.POSITIVE_INFINITY) && subject >= (atLeast ?? Number.NEGATIVE_INFINITY);
  return [`${wanted} ${times === undefined ? '' : `× ${times} `}${reached ? 'reached' : 'MISSED'}`];
}

function generatorShare({ outcomes }: Measured, server: string): string {
  const turns = outcomes.get(server);
  if (turns === undefined) return '';
  const share = Math.max(0, ...turns.map((outcome) => outcome.generatorShare));
  return `${Math.round(share * 100)} %${share > GENERATOR_LIMIT ? ' (the bottleneck)' : ''}`;
}

/** What is told turn by turn, since each has another part of a history; '' when nothing is. */
export function turnByTurn(measured: readonly Measured[], columns: readonly Column[]): string {
  const rows = measured.flatMap(({ metrics, outcomes, turnsPerStart }) =>
    Object.entries(metrics)
      .filter(([, { eachTurn }]) => eachTurn)
      .flatMap(([key, { title }]) =>
        columns
          .filter(({ id }) => outcomes.has(id))
          .map((column) => {
            const figures = outcomes.get(column.id)!.map((outcome) => outcome.figures[key] ?? Number.NaN);
            const cells = Array.from({ length: turnsPerStart }, (_, turn) => figures.filter((_, index) => index % turnsPerStart === turn));
            return [`${column.title}: ${title}`, ...cells.map((values) => figure(median(values)))];
          }),
      ),
  );
  if (rows.length === 0) return '';
  const turns = Math.max(...rows.map(({ length }) => length - 1));
  return textTable(['part of the history', ...Array.from({ length: turns }, (_, turn) => String(turn + 1))], rows);
}

/** How far the turns lay apart, and how far their ratios: sentences. */
export function noise(measured: readonly Measured[], ratios: readonly Compared[]): string {
  const own = ratios[0]?.id ?? '';
  const all = measured.flatMap((workload) =>
    Object.entries(workload.metrics)
      .filter(([, { over }]) => over === undefined)
      .map(([key, { title }]) => {
        const figures = figuresOf(workload, own, key).filter(isKnown);
        const others = ratios.flatMap(({ id, by }) => (id === own ? by : []));
        const ratio = ratioOf(workload, own, takingPart(others, workload), key);
        return { title, turns: figures.length, by: spread(figures), ratioBy: (ratio.high - ratio.low) / ratio.median };
      })
      .filter(({ turns, by }) => turns > 1 && Number.isFinite(by)),
  );
  if (all.length === 0) return 'One turn, so nothing is known of the noise; take differences under 15 % for a tie.';
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const pairs = all.map(({ ratioBy }) => ratioBy).filter(Number.isFinite);
  const worst = [...all].sort((one, other) => other.by - one.by).slice(0, 3);
  return (
    `The middle half of the turns spans ${percent(median(all.map(({ by }) => by)))} of a figure (median over all figures)` +
    `${pairs.length === 0 ? '' : `, and ${percent(median(pairs))} of a ratio`}; ` +
    `the most: ${worst.map(({ title, by }) => `${title} ${percent(by)}`).join('; ')}.`
  );
}
