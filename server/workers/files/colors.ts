/** Colours of a highlight that files of word processors have by a number only; `#rgb` and `#rrggbb` are taken as they are. */
const NAMED: Readonly<Record<string, string>> = {
  yellow: 'FFF2A8',
  green: 'D3F2D0',
  blue: 'D3E5FF',
  red: 'FFD8D4',
  orange: 'FFE3C2',
  purple: 'EADCFB',
  pink: 'FFDBEA',
  gray: 'E8E6E1',
  grey: 'E8E6E1',
};

/** A highlight's colour as six hex digits; that of a marker where it has none, or one that only a page knows. */
export function highlightColor(color: string | null): string {
  const text = (color ?? '').trim().toLowerCase();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  if (short !== null)
    return short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')
      .toUpperCase();
  if (/^#[0-9a-f]{6}/.test(text)) return text.slice(1, 7).toUpperCase();
  const parts = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})/.exec(text);
  if (parts !== null)
    return parts
      .slice(1, 4)
      .map((part) => Math.min(255, Number(part)).toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase();
  return NAMED[text] ?? NAMED.yellow!;
}
