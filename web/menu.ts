import { h } from './dom.ts';
import { type Anchor, float } from './floating.ts';
import { type IconName, icon } from './icons.ts';
import { moved, moveOf } from './roving.ts';

/** A line of a menu; `'line'` separates groups. */
export type MenuEntry = MenuItem | { readonly group: string } | 'line';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly hint?: string;
  /** Present on items of which one is chosen. */
  readonly checked?: boolean;
  readonly danger?: boolean;
  readonly run: () => void;
}

export interface MenuOptions {
  readonly root: ShadowRoot | HTMLElement;
  readonly anchor: HTMLElement;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
}

/**
 * Opens a menu from its button, after the WAI-ARIA menu button pattern: arrows, Home, End and the
 * first letters move, Enter chooses, Escape and Tab close; the focus goes back to the button.
 */
export function openMenu({ root, anchor, label, entries, align = 'start' }: MenuOptions): void {
  const buttons: HTMLButtonElement[] = [];
  const surface = h('div', { class: 'menu', role: 'menu', 'aria-label': label });
  for (const entry of entries) {
    if (entry === 'line') surface.append(h('hr', { role: 'separator' }));
    else if ('group' in entry) surface.append(h('div', { class: 'group', role: 'presentation' }, entry.group));
    else {
      const button = itemButton(entry, () => {
        floating.close();
        entry.run();
      });
      buttons.push(button);
      surface.append(button);
    }
  }
  anchor.setAttribute('aria-expanded', 'true');
  const floating = float(surface, {
    root,
    anchor: anchor as Anchor,
    placement: `bottom-${align}`,
    onClose: () => {
      anchor.setAttribute('aria-expanded', 'false');
      anchor.focus();
    },
  });
  surface.addEventListener('keydown', (event) => {
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const move = moveOf(event.key, 'vertical', false);
    if (move !== null) focusAt(event, moved(at, buttons.length, move));
    else if (event.key === 'Tab') floating.close();
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) focusAt(event, startingWith(event.key, at));
  });
  const focusAt = (event: Event, at: number) => {
    event.preventDefault();
    buttons[at]?.focus();
  };
  const startingWith = (letter: string, from: number) => {
    const order = buttons.map((_, i) => (from + 1 + i) % buttons.length);
    return order.find((i) => buttons[i]?.textContent?.toLocaleLowerCase().startsWith(letter.toLocaleLowerCase())) ?? from;
  };
  (buttons.find((button) => button.getAttribute('aria-checked') === 'true') ?? buttons[0])?.focus();
}

function itemButton(item: MenuItem, choose: () => void): HTMLButtonElement {
  return h(
    'button',
    {
      type: 'button',
      tabindex: '-1',
      role: item.checked === undefined ? 'menuitem' : 'menuitemradio',
      'aria-checked': item.checked === undefined ? null : String(item.checked),
      class: item.danger ? 'danger' : null,
      onclick: choose,
    },
    item.icon && icon(item.icon),
    h('span', { class: 'label' }, item.label),
    item.hint && h('span', { class: 'hint' }, item.hint),
  );
}
