import { h } from '../dom.ts';
import type { Person } from '../element/people/people.ts';
import { openMenu } from '../menu.ts';
import { avatars, peopleLabel } from './avatars.ts';

/** Faces shown before the rest is a number. */
const MAX_AVATARS = 5;

/** Who is in the document, as faces; a press lists their names. */
export class PeopleButton {
  readonly #faces = h('span');
  readonly dom = h(
    'button',
    {
      type: 'button',
      class: 'button people',
      hidden: true,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      onclick: () => this.#open(),
    },
    this.#faces,
  );
  readonly #rename: (() => void) | null;
  #users: readonly Person[] = [];

  /** `rename` changes the name of this tab's user; `null` where it is their token's. */
  constructor(rename: (() => void) | null) {
    this.#rename = rename;
  }

  show(users: readonly Person[]): void {
    this.#users = users;
    this.#faces.replaceChildren(avatars(users, MAX_AVATARS), h('span', { class: 'quiet' }, peopleLabel(users)));
    this.dom.hidden = users.length === 0;
    this.dom.title = peopleLabel(users);
  }

  #open(): void {
    const rename = this.#rename;
    openMenu({
      root: document.body,
      anchor: this.dom,
      label: 'People in this document',
      align: 'end',
      entries: [
        { group: 'In this document' },
        ...this.#users.map((person) => ({
          label: person.self ? `${person.name} (you)` : person.name,
          run: person.self && rename !== null ? rename : () => {},
        })),
        ...(rename === null ? [] : ['line' as const, { label: 'Change your name…', icon: 'pencil' as const, run: rename }]),
      ],
    });
  }
}
