/** Line icons on a 20-unit grid, stroke 1.5. */
const PATHS = {
  undo: 'M7.5 4.5 4 8l3.5 3.5M4 8h7.5a4 4 0 0 1 0 8H8',
  redo: 'M12.5 4.5 16 8l-3.5 3.5M16 8H8.5a4 4 0 0 0 0 8H12',
  code: 'm7 6-4 4 4 4m6-8 4 4-4 4',
  'code-block': 'M3.5 4.5h13v11h-13zM8 8l-2 2 2 2m4-4 2 2-2 2',
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-.9.9m1.3 3a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l.9-.9',
  highlight: 'm6.5 12.5 7-8 2.5 2.2-7 8H6.5zM4 16.5h12',
  bullets: 'M8 5.5h8M8 10h8m-8 4.5h8M4.2 5.5h.1M4.2 10h.1m-.1 4.5h.1',
  numbers: 'M9 5.5h7M9 10h7m-7 4.5h7M3.6 4.2l1-.5V7m-1.2 5.6c.2-.9 1.9-1 1.9.2 0 .8-1.6 1.5-1.9 2.7h2',
  tasks: 'm3.5 5.7 1.2 1.2L7 4.2m-3.5 9 1.2 1.2L7 11.7M10 6h6.5M10 13.5h6.5',
  quote: 'M4 5v10m4-9h8m-8 4h8m-8 4h5',
  table: 'M3.5 4.5h13v11h-13zm0 4h13m-8-4v11',
  image: 'M3.5 4.5h13v11h-13zm0 8.5 3.6-3.6 3 3 2.2-2.2 4.2 4M13 7.8h.1',
  math: 'M14.5 6V4.5h-9l4.5 5.5-4.5 5.5h9V14',
  rule: 'M3.5 10h13',
  chevron: 'm6.5 8.5 3.5 3.5 3.5-3.5',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  more: 'M5 10h.1m4.9 0h.1m4.9 0h.1',
  share: 'M10 12.5v-9M6.8 6.2 10 3l3.2 3.2M5 9.5v6.5h10V9.5',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  download: 'M10 3.5v9m-3.2-3.2L10 12.5l3.2-3.2M4 16.5h12',
  print: 'M6 8V3.5h8V8M6 14H4V8h12v6h-2M6 12h8v4.5H6z',
  trash: 'M4 5.5h12m-7.5 0v-2h3v2m-6 0 .7 11h7.6l.7-11',
  pencil: 'm4 16 .7-3.3 8.6-8.6 2.6 2.6-8.6 8.6z',
  eye: 'M2.5 10c1.8-3.2 4.4-4.8 7.5-4.8s5.7 1.6 7.5 4.8c-1.8 3.2-4.4 4.8-7.5 4.8S4.3 13.2 2.5 10zm7.5 2a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  leave: 'M8 4H4v12h4m4.5-9.5 3.5 3.5-3.5 3.5M7.5 10H16',
  close: 'm5 5 10 10M15 5 5 15',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zm4-1.5 3.5 3.5',
  plus: 'M10 4v12m-6-6h12',
  'align-left': 'M3.5 4.5h13M3.5 8.5h7v5h-7zm0 8.5h13',
  'align-center': 'M3.5 4.5h13M6.5 8.5h7v5h-7zm-3 8.5h13',
  'align-right': 'M3.5 4.5h13M9.5 8.5h7v5h-7zm-6 8.5h13',
  upload: 'M10 13V4m-3.2 3.2L10 4l3.2 3.2M4 13.5v3h12v-3',
  file: 'M5.5 3.5h5.5l3.5 3.5v9.5h-9zM11 3.5V7h3.5',
  callout: 'M4 3.5v13M8 6.5h8M8 10h8m-8 3.5h5',
  details: 'm4 5.5 3 2.5-3 2.5M9.5 8h7m-7 5h7',
  footnote: 'M3.5 15.5 7 6l3.5 9.5m-6-3h5M13.5 5l1.5-1v5',
  grip: 'M7.5 5.5h.1m4.8 0h.1M7.5 10h.1m4.8 0h.1m-5 4.5h.1m4.8 0h.1',
  text: 'M4.5 6V4.5h11V6M10 4.5v11m-2 0h4',
  history: 'M3.5 10a6.5 6.5 0 1 0 2.2-4.9L3.5 7m0-3.5V7H7m3-.5V10l2.5 1.5',
  play: 'M6.5 4.5 15 10l-8.5 5.5z',
  pause: 'M7 5v10m6-10v10',
  heading: 'M5.5 4.5v11m9-11v11m-9-5.5h9',
} as const;

export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

/** An icon, hidden from assistive technology: its control carries the label. */
export function icon(name: IconName, className?: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('width', '20');
  svg.setAttribute('height', '20');
  svg.setAttribute('aria-hidden', 'true');
  if (className !== undefined) svg.setAttribute('class', className);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  for (const [attribute, value] of Object.entries(STROKE)) path.setAttribute(attribute, value);
  // Dots are the ends of strokes: they want to be rounder than lines are thick.
  if (name === 'more' || name === 'grip') path.setAttribute('stroke-width', '2.6');
  svg.append(path);
  return svg;
}

const STROKE = { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
