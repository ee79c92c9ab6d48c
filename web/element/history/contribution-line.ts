import { h } from '../../dom.ts';
import type { ShownAuthor } from './authors.ts';
import type { Contribution } from './history-client.ts';
import { dot } from './session-list.ts';
import { momentOf } from './times.ts';

/** Who did one thing, and when. */
export function someone(one: Contribution, author: ShownAuthor): HTMLElement {
  return line(author, `· ${momentOf(new Date(one.lastAt), new Date())}`);
}

/** Who did how much of all: words written, deleted, and given another look. */
export function everyone(contributions: readonly Contribution[], authorOf: (one: Contribution) => ShownAuthor): HTMLElement[] {
  const totals = new Map<string, { readonly author: ShownAuthor; inserted: number; deleted: number; formatted: number }>();
  for (const one of contributions) {
    if (one.inserted + one.deleted + one.formatted === 0) continue;
    const author = authorOf(one);
    const total = totals.get(author.name) ?? { author, inserted: 0, deleted: 0, formatted: 0 };
    totals.set(author.name, total);
    total.inserted += one.inserted;
    total.deleted += one.deleted;
    total.formatted += one.formatted;
  }
  return Array.from(totals.values(), ({ author, inserted, deleted, formatted }) => {
    const counts = [inserted > 0 && `+${inserted}`, deleted > 0 && `−${deleted}`, formatted > 0 && `~${formatted}`].filter(Boolean);
    const label = [
      inserted > 0 && `${inserted} words written`,
      deleted > 0 && `${deleted} deleted`,
      formatted > 0 && `${formatted} formatted`,
    ];
    return line(author, counts.join(' '), label.filter(Boolean).join(', '));
  });
}

function line(author: ShownAuthor, more: string, title?: string): HTMLElement {
  return h('span', { title }, dot(author), `${author.name} `, h('span', { class: 'history-more' }, more));
}
