/** The value below which the share `p` (0–1) of the values lies; nearest rank. NaN of none. */
export function percentile(values: ArrayLike<number>, p: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
}

/** The middle value, or the mean of the two in the middle. NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The median and the values between which the middle half lies, nearest ranks. NaN of none. */
export function quartiles(values: readonly number[]): { readonly low: number; readonly median: number; readonly high: number } {
  return { low: percentile(values, 0.25), median: median(values), high: percentile(values, 0.75) };
}

/** How far the middle half of the values lies apart: (upper − lower quartile) ÷ median. 0 of one value or of equal ones. */
export function spread(values: readonly number[]): number {
  const { low, median: middle, high } = quartiles(values);
  return high === low ? 0 : (high - low) / Math.abs(middle);
}
