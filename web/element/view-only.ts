import { h } from '../dom.ts';
import { icon } from '../icons.ts';

/**
 * What stands in the toolbar's place for somebody who may only read, so that the text does not jump
 * when that changes. `find` opens the panel to find words in.
 */
export function viewOnlyBar(end: HTMLElement, find: () => void): HTMLElement {
  const chip = h('span', { class: 'chip', title: 'You can read this document, and not change it.' }, icon('eye'), 'View only');
  const search = h('button', { type: 'button', class: 'chip', onclick: find }, icon('search'), 'Find');
  return h(
    'div',
    { class: 'toolbar', part: 'view-only' },
    h('div', { class: 'toolbar-row' }, h('div', { class: 'toolbar-tools' }, chip, search), end),
  );
}
