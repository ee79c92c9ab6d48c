import { quartiles } from '../figures/percentile.ts';
import { figure } from './text-table.ts';

/** One server's figure ÷ another's, turn by turn. NaN where no turn has both. */
export interface PairedRatio {
  readonly median: number;
  /** Between these lies the middle half of the turns. */
  readonly low: number;
  readonly high: number;
  readonly turns: number;
}

/**
 * Divides turn by turn: both figures are of the same half minute, so that what slows the machine for a while
 * cancels out, as it does not in the ratio of two medians. A turn that lacks either is left out.
 */
export function pairedRatio(own: readonly (number | undefined)[], other: readonly (number | undefined)[]): PairedRatio {
  const ratios = own.map((value, turn) => (value ?? Number.NaN) / (other[turn] ?? Number.NaN)).filter(Number.isFinite);
  return { ...quartiles(ratios), turns: ratios.length };
}

/** "0.515 (0.472–0.696)", the bare median of one turn, "–" of none. */
export function ratioText({ median, low, high, turns }: PairedRatio): string {
  return turns < 2 ? figure(median) : `${figure(median)} (${figure(low)}–${figure(high)})`;
}
