import type { Tone } from '../element/status-words.ts';
import { BASE } from './places.ts';

const DOTS: Readonly<Record<Tone, string>> = { quiet: '#a39d92', good: '#48a36c', warn: '#e39a2d', bad: '#dc4b42' };

let drawing: Promise<string> | null = null;
let shown: Tone | null = null;

/** Puts a dot in the status' colour on the tab's icon; `null` takes it off. */
export async function showFavicon(tone: Tone | null): Promise<void> {
  if (tone === shown) return;
  shown = tone;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  if (tone === null) {
    link.href = `${BASE}/favicon.svg`;
    return;
  }
  drawing ??= fetch(`${BASE}/favicon.svg`).then((response) => (response.ok ? response.text() : ''));
  const svg = await drawing.catch(() => '');
  if (svg === '' || tone !== shown) return;
  const dot = `<circle cx="25" cy="25" r="7" fill="${DOTS[tone]}" stroke="#fbfaf7" stroke-width="2"/></svg>`;
  link.href = `data:image/svg+xml,${encodeURIComponent(svg.replace('</svg>', dot))}`;
}
