/**
 * What Tiptap's link extension asks of `linkifyjs`, which the build puts in that library's place: with its list of all top-level
 * domains it is 10 kB, and there is no address to find before somebody types. Until it is here, nothing is one.
 */
type Linkify = typeof import('linkifyjs');

let loaded: Linkify | null = null;

/** Fetches it once. */
export async function loadLinkify(): Promise<void> {
  loaded ??= await import('linkifyjs');
}

export const find = (...asked: Parameters<Linkify['find']>): ReturnType<Linkify['find']> => loaded?.find(...asked) ?? [];
export const tokenize = (text: string): ReturnType<Linkify['tokenize']> => loaded?.tokenize(text) ?? [];
// The element has no protocols of its own to tell it of.
export function registerCustomProtocol(): void {}
export function reset(): void {}
