import { h } from '../dom.ts';
import type { Entry } from './entry.ts';
import { openServerDialog } from './open-server-dialog.ts';

/** The foot of every page: who can read and write here, or as whom one does. */
export function footer(entry: Entry): HTMLElement {
  return h('footer', {}, h('p', { class: 'standing' }, ...words(entry)));
}

function words(entry: Entry): (HTMLElement | string)[] {
  if (entry.kind === 'account') return [`Signed in as ${entry.account.name}.`];
  if (entry.kind === 'visitor') return ['You are here by a share link.'];
  return [
    'Open on this machine only: anyone here can read and edit. ',
    h('button', { type: 'button', class: 'link', onclick: () => void openServerDialog(null) }, 'How to share it'),
  ];
}
