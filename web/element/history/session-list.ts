import { h } from '../../dom.ts';
import { icon } from '../../icons.ts';
import type { ShownAuthor } from './authors.ts';
import type { Version } from './history-client.ts';
import { dayOf, spanOf } from './times.ts';

export interface SessionListOptions {
  readonly author: (author: string | null, name: string | null) => ShownAuthor;
  readonly onChoose: (version: number) => void;
  /** Fetches what is before. */
  readonly onOlder: () => void;
  /** `null` where one may not. */
  readonly onUnname: ((id: string) => void) | null;
}

/** The stretches of writing, by days, the last first; of each the names that its versions have. */
export class SessionList {
  readonly #options: SessionListOptions;
  readonly #older: HTMLButtonElement;
  readonly #list = h('div', { class: 'history-days' });
  readonly dom: HTMLElement;

  constructor(options: SessionListOptions) {
    this.#options = options;
    this.#older = h('button', { type: 'button', class: 'tool labelled history-older', hidden: true, onclick: options.onOlder }, 'Older');
    this.dom = h(
      'nav',
      { class: 'history-list', 'aria-label': 'Versions', onkeydown: (event) => this.#onKey(event) },
      this.#list,
      this.#older,
    );
  }

  show(versions: readonly Version[], chosen: number, hasOlder: boolean, now: Date): void {
    const focused = this.#buttons.findIndex((button) => button.matches(':focus'));
    const days = new Map<string, HTMLElement>();
    for (const version of versions) {
      const day = dayOf(new Date(version.endedAt), now);
      const list = days.get(day) ?? h('ol');
      days.set(day, list);
      list.append(this.#session(version, chosen));
    }
    this.#list.replaceChildren(...Array.from(days, ([day, list]) => h('section', {}, h('h3', {}, day), list)));
    this.#older.hidden = !hasOlder;
    if (focused >= 0) this.#buttons[focused]?.focus();
  }

  #session({ version, from, startedAt, endedAt, authors, names, edits }: Version, chosen: number): HTMLElement {
    const shown = authors.map(({ author, name }) => this.#options.author(author, name));
    const people = [...new Map(shown.map((one) => [one.name, one])).values()];
    const isChosen = chosen >= from && chosen <= version;
    const button = h(
      'button',
      {
        type: 'button',
        class: 'history-session',
        'aria-current': isChosen ? 'true' : null,
        onclick: () => this.#options.onChoose(version),
      },
      h('span', { class: 'history-time' }, spanOf(new Date(startedAt), new Date(endedAt))),
      h('span', { class: 'history-people' }, ...people.map((one) => h('span', {}, dot(one), one.name))),
      edits.length > 0 && h('span', { class: 'history-kinds' }, kindsOf(edits)),
    );
    return h('li', {}, button, ...names.map((named) => this.#name(named.id, named.name, named.version, chosen)));
  }

  #name(id: string, name: string, version: number, chosen: number): HTMLElement {
    const { onUnname, onChoose } = this.#options;
    return h(
      'div',
      { class: 'history-name' },
      h(
        'button',
        { type: 'button', 'aria-current': version === chosen ? 'true' : null, onclick: () => onChoose(version) },
        icon('highlight'),
        name,
      ),
      onUnname !== null &&
        h(
          'button',
          {
            type: 'button',
            class: 'tool',
            'aria-label': `Take the name “${name}” away`,
            title: 'Take this name away',
            onclick: () => onUnname(id),
          },
          icon('close'),
        ),
    );
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.#list.querySelectorAll<HTMLButtonElement>('.history-session, .history-name > button:first-child')];
  }

  #onKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const buttons = this.#buttons;
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const next = buttons[at + step];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
    next.click();
  }
}

/** "Imported · 3 edits by script". */
function kindsOf(edits: Version['edits']): string {
  const count = (kind: Version['edits'][number]['kind']) => edits.filter((edit) => edit.kind === kind).length;
  const scripts = count('script');
  return [
    count('import') > 0 && 'Imported',
    count('restore') > 0 && 'Restored',
    count('undo') > 0 && 'Taken back',
    scripts > 0 && (scripts === 1 ? 'An edit by script' : `${scripts} edits by script`),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** A person's colour. */
export function dot({ color }: ShownAuthor): HTMLElement {
  const mark = h('span', { class: 'history-dot', 'aria-hidden': 'true' });
  mark.style.setProperty('--who', color);
  return mark;
}
