const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** "3 minutes ago" in the reader’s language; "just now" below 45 s, also for clocks that run ahead. */
export function relativeTime(then: Date, now: Date, locale?: string): string {
  const seconds = Math.round((now.getTime() - then.getTime()) / 1000);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (seconds < 45) return format.resolvedOptions().locale.startsWith('en') ? 'just now' : format.format(0, 'second');
  for (const [unit, size] of STEPS) {
    if (seconds >= size * (unit === 'minute' ? 0.75 : 0.95)) return format.format(-Math.max(1, Math.round(seconds / size)), unit);
  }
  return format.format(-1, 'minute');
}

/** The full date and time, for a tooltip. */
export function exactTime(date: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(date);
}
