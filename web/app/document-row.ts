import { documentPath } from '../../protocol/document-name.ts';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import type { ListedDocument } from './api.ts';
import { avatars, peopleLabel } from './avatars.ts';
import { displayTitle } from './display-title.ts';
import { exactTime, relativeTime } from './relative-time.ts';

/** A line of the list: the title leads to the document, the button behind it opens its menu. */
export function documentRow(document: ListedDocument, now: Date, openRowMenu: (anchor: HTMLElement) => void): HTMLElement {
  const title = displayTitle(document.title, document.name);
  const edited = new Date(document.updatedAt);
  const by = document.updatedBy === null ? '' : `${document.updatedBy} · `;
  const menu: HTMLButtonElement = h(
    'button',
    {
      type: 'button',
      class: 'button icon-only quiet-button more',
      'aria-label': `More for ${title ?? 'Untitled'}`,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      onclick: () => openRowMenu(menu),
    },
    icon('more'),
  );
  const people = peopleLabel(document.present);
  return h(
    'li',
    { class: 'document-row' },
    h(
      'a',
      { href: documentPath(document.name), 'data-name': document.name },
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
