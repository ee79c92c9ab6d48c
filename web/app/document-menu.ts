import { formats } from '../../document/formats/format.ts';
import type { MenuEntry } from '../menu.ts';
import { applyTheme, currentTheme, THEMES } from './theme.ts';

/** What the menu of the document page offers, and says; `null` is what this user may not do, or what makes no sense for them. */
export interface DocumentActions {
  /** How much is written, and how much of it is selected, a line each. */
  readonly counts: readonly string[];
  readonly download: (format: string) => void;
  readonly copyMarkdown: () => void;
  readonly history: () => void;
  readonly rename: (() => void) | null;
  readonly remove: (() => void) | null;
  /** Forgets the token, or the share link; `label` says which. */
  readonly leave: { readonly label: string; readonly run: () => void } | null;
}

const KEYS = /mac|iphone|ipad/i.test(navigator.platform) ? '⇧⌥⌘H' : 'Ctrl Alt Shift H';

/** The menu of the document page. */
export function documentMenu(actions: DocumentActions): MenuEntry[] {
  const { rename, remove, leave } = actions;
  return [
    { label: 'Version history', icon: 'history', hint: KEYS, run: actions.history },
    'line',
    { group: 'Download as' },
    ...formats
      .filter((format) => format.export)
      .map((format) => ({
        label: format.label,
        hint: `.${format.extension}`,
        icon: 'download' as const,
        run: () => actions.download(format.name),
      })),
    'line',
    { label: 'Copy as Markdown', icon: 'copy', run: actions.copyMarkdown },
    { label: 'Print', icon: 'print', run: () => print() },
    'line',
    { group: 'Appearance' },
    ...THEMES.map(([theme, label]) => ({ label, checked: theme === currentTheme(), run: () => applyTheme(theme) })),
    'line',
    ...actions.counts.map((group) => ({ group })),
    ...(rename === null && remove === null && leave === null ? [] : ['line' as const]),
    ...(rename === null ? [] : [{ label: 'Your name…', icon: 'pencil' as const, run: rename }]),
    ...(leave === null ? [] : [{ label: leave.label, icon: 'leave' as const, run: leave.run }]),
    ...(remove === null ? [] : [{ label: 'Delete document…', icon: 'trash' as const, danger: true, run: remove }]),
  ];
}
