import { formats } from '../../document/formats/format.ts';
import type { MenuEntry } from '../menu.ts';
import { exportUrl } from './api.ts';
import { applyTheme, currentTheme, THEMES } from './theme.ts';

export interface DocumentActions {
  readonly copyMarkdown: () => void;
  readonly rename: () => void;
  readonly remove: () => void;
}

/** The menu of the document page. */
export function documentMenu(name: string, actions: DocumentActions): MenuEntry[] {
  return [
    { group: 'Download as' },
    ...formats
      .filter((format) => format.export)
      .map((format) => ({
        label: format.label,
        hint: `.${format.extension}`,
        icon: 'download' as const,
        run: () => download(exportUrl(name, format.name)),
      })),
    'line',
    { label: 'Copy as Markdown', icon: 'copy', run: actions.copyMarkdown },
    { label: 'Print', icon: 'print', run: () => print() },
    'line',
    { group: 'Appearance' },
    ...THEMES.map(([theme, label]) => ({ label, checked: theme === currentTheme(), run: () => applyTheme(theme) })),
    'line',
    { label: 'Your name…', icon: 'pencil', run: actions.rename },
    { label: 'Delete document…', icon: 'trash', danger: true, run: actions.remove },
  ];
}

function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
