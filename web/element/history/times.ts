/** "Today", "Yesterday", or the day as the reader's language writes it. */
export function dayOf(time: Date, now: Date, locale?: string): string {
  const days = Math.round((startOfDay(now).getTime() - startOfDay(time).getTime()) / 86_400_000);
  if (days <= 1 && days >= 0) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
    return `${word.charAt(0).toLocaleUpperCase(locale)}${word.slice(1)}`;
  }
  const year = time.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(time);
}

/** "14:20 – 14:55", or one time where they are the same minute. */
export function spanOf(from: Date, to: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).formatRange(from, to);
}

/** The day and the time in a line. */
export function momentOf(time: Date, now: Date, locale?: string): string {
  return `${dayOf(time, now, locale)}, ${new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(time)}`;
}

function startOfDay(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate());
}
