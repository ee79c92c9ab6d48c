/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

export const THEMES: readonly (readonly [Theme, string])[] = [
  ['auto', 'Like the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];
const KEY = 'inkwire.theme';

/** The theme this browser chose. */
export function currentTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'auto';
  } catch {
    return 'auto';
  }
}

/** Applies a theme to the page and its editor, and keeps it. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  for (const editor of document.querySelectorAll('inkwire-editor')) editor.setAttribute('theme', theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {}
}
