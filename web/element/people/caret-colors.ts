/**
 * Twelve caret colours. Each has at least 3:1 against the light and the dark paper (WCAG 1.4.11),
 * and any two stay apart by 0.05 in OKLab also for protan and deutan eyes (simulated after Machado
 * 2009); a seeded farthest-point search chose them, `caret-colors.test.ts` holds them to it.
 */
export const CARET_COLORS = [
  '#3868d8',
  '#c83820',
  '#007800',
  '#a83888',
  '#009898',
  '#e86800',
  '#985858',
  '#0098e8',
  '#b878c8',
  '#386898',
  '#e85888',
  '#988858',
] as const;

const LIGHT_INK = '#ffffff';
const DARK_INK = '#161513';
const HEX_COLOR = /^#[0-9a-f]{6}$/i;

/** The colour of a user, the same wherever they are: a hash (FNV-1a) of their id. */
export function caretColorOf(userId: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(userId)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return CARET_COLORS[hash % CARET_COLORS.length]!;
}

/** `color` when it is six-digit hex, else the colour hashed from `fallbackId`: presence is written by clients. */
export function safeColor(color: unknown, fallbackId: string): string {
  return typeof color === 'string' && HEX_COLOR.test(color) ? color.toLowerCase() : caretColorOf(fallbackId);
}

/** The ink, light or dark, that reads best on a `#rrggbb` background. */
export function inkOn(color: string): string {
  return contrast(LIGHT_INK, color) >= contrast(DARK_INK, color) ? LIGHT_INK : DARK_INK;
}

/** WCAG contrast ratio of two `#rrggbb` colours, 1–21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
