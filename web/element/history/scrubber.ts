import { h } from '../../dom.ts';
import type { Authors } from './authors.ts';
import type { Version } from './history-client.ts';

/** A line of all versions, in the colours of those who wrote: a slider, by mouse, finger and keys. */
export class Scrubber {
  readonly dom: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #track = h('div', { class: 'history-track', 'aria-hidden': 'true' });

  /** `onMove` while it is moved. */
  constructor(onMove: (version: number) => void) {
    this.#input = h('input', { type: 'range', min: 1, step: 1, 'aria-label': 'Version', oninput: () => onMove(Number(this.#input.value)) });
    this.dom = h('div', { class: 'history-scrubber' }, this.#track, this.#input);
  }

  /** `versions` are stretches of writing, the last first. */
  show(versions: readonly Version[], authors: Authors): void {
    const [newest, oldest] = [versions[0], versions.at(-1)];
    if (newest === undefined || oldest === undefined) return;
    this.#input.min = String(oldest.from);
    this.#input.max = String(newest.version);
    this.#track.replaceChildren(
      ...[...versions].reverse().flatMap((session) =>
        session.authors.map(({ author, name, edits }) => {
          const part = h('span');
          part.style.setProperty('flex-grow', String(edits));
          part.style.setProperty('background', authors.of(author, name).color);
          return part;
        }),
      ),
    );
  }

  set value(version: number) {
    this.#input.value = String(version);
  }

  set text(said: string) {
    this.#input.setAttribute('aria-valuetext', said);
  }
}
