import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { type MenuEntry, openMenu } from '../menu.ts';

export interface MenuButtonOptions {
  /** What the button is called. */
  readonly label: string;
  /** What its menu is called. */
  readonly menu: string;
  /** Asked for each time the menu opens. */
  readonly entries: () => MenuEntry[];
  readonly class?: string;
}

/** Three dots that open a menu at their end. */
export function menuButton({ label, menu, entries, class: own }: MenuButtonOptions): HTMLButtonElement {
  const button: HTMLButtonElement = h(
    'button',
    {
      type: 'button',
      class: `button icon-only quiet-button${own === undefined ? '' : ` ${own}`}`,
      'aria-label': label,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      onclick: () => openMenu({ root: document.body, anchor: button, label: menu, align: 'end', entries: entries() }),
    },
    icon('more'),
  );
  return button;
}
