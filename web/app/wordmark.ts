import { h } from '../dom.ts';
import { BASE } from './places.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** The name with its mark, a text cursor; leads home. */
export function wordmark(): HTMLElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M10 6c3 0 5 1.200 6 3.200 1-2 3-3.200 6-3.200M16 9.200v13.600M10 26c3 0 5-1.200 6-3.200 1 2 3 3.200 6 3.200');
  for (const [name, value] of [
    ['fill', 'none'],
    ['stroke', 'var(--accent)'],
    ['stroke-width', '2.800'],
    ['stroke-linecap', 'round'],
  ] as const) {
    path.setAttribute(name, value);
  }
  svg.append(path);
  return h('a', { class: 'wordmark', href: `${BASE}/` }, svg, 'Inkwire');
}
