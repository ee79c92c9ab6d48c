import { h } from '../dom.ts';
import { inkOn } from '../element/people/caret-colors.ts';
import { initials } from '../element/people/guest.ts';

interface Face {
  readonly name: string;
  readonly color: string;
}

/** Overlapping initials, at most `most` and a count; hidden from screen readers, which read `peopleLabel`. */
export function avatars(people: readonly Face[], most: number, size: 'small' | 'normal' = 'normal'): HTMLElement {
  const rest = people.length - most;
  return h(
    'span',
    { class: 'avatars', 'aria-hidden': 'true' },
    ...people.slice(0, most).map((person) => avatar(person, size)),
    rest > 0 && h('span', { class: `avatar more ${size}` }, `+${rest}`),
  );
}

/** "Ada and Grace are here" for screen readers and tooltips; '' when nobody is. */
export function peopleLabel(people: readonly Face[]): string {
  if (people.length === 0) return '';
  const names = new Intl.ListFormat('en', { type: 'conjunction' }).format(people.map(({ name }) => name));
  return `${names} ${people.length === 1 ? 'is' : 'are'} here`;
}

function avatar({ name, color }: Face, size: string): HTMLElement {
  const element = h('span', { class: `avatar ${size}`, title: name }, initials(name));
  element.style.setProperty('--person', color);
  element.style.setProperty('--person-ink', inkOn(color));
  return element;
}
