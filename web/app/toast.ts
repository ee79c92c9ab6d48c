import { h } from '../dom.ts';

const SHOWN_MS = 2600;
let place: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something in passing, to eyes and to screen readers. */
export function toast(sentence: string): void {
  if (place === null || !place.isConnected) {
    place = h('div', { class: 'toast', role: 'status' });
    document.body.append(place);
  }
  const shown = place;
  shown.textContent = sentence;
  // The next frame, so that a toast made this moment moves in too.
  requestAnimationFrame(() => shown.classList.add('shown'));
  clearTimeout(timer);
  timer = setTimeout(() => shown.classList.remove('shown'), SHOWN_MS);
}
