import { documentPath } from '../../protocol/document-name.ts';
import { h } from '../dom.ts';
import type { MenuEntry } from '../menu.ts';
import type { ListedDocument } from './api.ts';
import { avatars, peopleLabel } from './avatars.ts';
import { displayTitle } from './display-title.ts';
import { menuButton } from './menu-button.ts';
import { BASE } from './places.ts';
import { exactTime, relativeTime } from './relative-time.ts';

/** A line of the list: the title leads to the document, the button behind it opens its menu. */
export function documentRow(document: ListedDocument, now: Date, entries: () => MenuEntry[]): HTMLElement {
  const title = displayTitle(document.title, document.name);
  const edited = new Date(document.updatedAt);
  const by = document.updatedBy === null ? '' : `${document.updatedBy} · `;
  const menu = menuButton({ label: `More for ${title ?? 'Untitled'}`, menu: 'Document', entries, class: 'more' });
  const people = peopleLabel(document.present);
  return h(
    'li',
    { class: 'document-row' },
    h(
      'a',
      { href: BASE + documentPath(document.name), 'data-name': document.name },
      h('span', { class: title === null ? 'title untitled' : 'title', dir: 'auto' }, title ?? 'Untitled'),
      people !== '' &&
        h('span', { class: 'here', title: people }, avatars(document.present, 3, 'small'), h('span', { class: 'quiet' }, people)),
      h('time', { class: 'edited', datetime: document.updatedAt, title: exactTime(edited) }, `${by}${relativeTime(edited, now)}`),
    ),
    menu,
  );
}

/** Empty lines in the shape of what comes. */
export function rowSkeletons(count: number): HTMLElement[] {
  return Array.from({ length: count }, () => h('li', { class: 'row-skeleton', 'aria-hidden': 'true' }, h('span'), h('span')));
}
