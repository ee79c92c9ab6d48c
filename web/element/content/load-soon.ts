import { loadLinkify } from './linkify.ts';
import { loadMarkdown } from './markdown-loader.ts';
import { loadPasteBehaviour } from './paste-loader.ts';

/** Fetches the converters, what pasting does and what finds addresses, when the browser has nothing better to do. */
export function loadConvertersSoon(): void {
  const load = () => void Promise.all([loadMarkdown(), loadPasteBehaviour(), loadLinkify()]).catch(() => {});
  if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 5000 });
  else setTimeout(load, 1000);
}
