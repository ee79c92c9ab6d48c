const MAX_CHARACTERS = 80;

/** A name as others see it: trimmed, without control characters, cut at 80 characters; `otherwise` when nothing is left of it. */
export function displayName(name: string, otherwise: string): string {
  const shown = name
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
  return shown === '' ? otherwise : [...shown].slice(0, MAX_CHARACTERS).join('');
}
