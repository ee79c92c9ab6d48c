import { CARET_COLORS, caretColorOf } from '../people/caret-colors.ts';
import type { Person } from '../people/people.ts';

/** Somebody who wrote, as they are shown. */
export interface ShownAuthor {
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
}

/** How authors are called and coloured: as they are in the document, but no two alike as long as there are colours. */
export class Authors {
  readonly #people: () => readonly Person[];
  readonly #colors = new Map<string | null, string>();

  constructor(people: () => readonly Person[]) {
    this.#people = people;
  }

  /** `name` is what the server calls them. */
  of(author: string | null, name: string | null): ShownAuthor {
    const present = author === null ? undefined : this.#people().find(({ id }) => id === author);
    return { name: present?.name ?? name ?? author ?? 'Guest', color: this.#colorOf(author, present?.color) };
  }

  #colorOf(author: string | null, own: string | undefined): string {
    const known = this.#colors.get(author);
    if (known !== undefined) return known;
    const taken = new Set(this.#colors.values());
    const wanted = own ?? caretColorOf(author ?? '');
    const color = taken.has(wanted) ? (CARET_COLORS.find((one) => !taken.has(one)) ?? wanted) : wanted;
    this.#colors.set(author, color);
    return color;
  }
}
