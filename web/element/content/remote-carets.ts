import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import { h } from '../../dom.ts';
import { inkOn, safeColor } from '../people/caret-colors.ts';
import { cleanName } from '../people/guest.ts';

/** How long a flag shows the name after its caret moved, milliseconds. */
const FLAG_MS = 2000;

interface CaretUser {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly color?: unknown;
}

/**
 * The others' carets and selections. They are hidden from assistive technology, where a name inside
 * the text would be read as text: the list of people says who is there.
 */
export function remoteCarets(awareness: Awareness): Extension {
  const flags = new CaretFlags();
  return Extension.create({
    name: 'remoteCarets',
    addProseMirrorPlugins: () => [
      yCursorPlugin(awareness, {
        cursorBuilder: (user: CaretUser, clientId: number) => flags.build(clientId, user),
        selectionBuilder: (user: CaretUser, clientId: number) => ({ class: 'wash', style: `--caret: ${colorOf(user, clientId)}` }),
      }),
      new Plugin({
        view: () => {
          const onChange = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }) => {
            for (const clientId of [...added, ...updated])
              flags.moved(clientId, JSON.stringify(awareness.getStates().get(clientId)?.cursor ?? null));
            for (const clientId of removed) flags.forget(clientId);
          };
          awareness.on('change', onChange);
          return {
            destroy: () => {
              awareness.off('change', onChange);
              flags.clear();
            },
          };
        },
      }),
    ],
  });
}

function colorOf(user: CaretUser, clientId: number): string {
  return safeColor(user.color, typeof user.id === 'string' ? user.id : String(clientId));
}

class CaretFlags {
  readonly #carets = new Map<number, { element: HTMLElement | null; cursor: string; timer: ReturnType<typeof setTimeout> | null }>();

  build(clientId: number, user: CaretUser): HTMLElement {
    const color = colorOf(user, clientId);
    const name = (typeof user.name === 'string' ? cleanName(user.name) : null) ?? 'Guest';
    // The word joiners keep the caret on the line of the letter it follows.
    const element = h('span', { class: 'caret', 'aria-hidden': 'true' }, '\u2060', h('span', { class: 'flag' }, name), '\u2060');
    element.style.setProperty('--caret', color);
    element.style.setProperty('--caret-ink', inkOn(color));
    const caret = this.#carets.get(clientId);
    if (caret === undefined) this.#carets.set(clientId, { element, cursor: '', timer: null });
    else caret.element = element;
    element.classList.toggle('moved', caret?.timer !== null && caret?.timer !== undefined);
    return element;
  }

  moved(clientId: number, cursor: string): void {
    // A caret is told of before it is drawn.
    const caret = this.#carets.get(clientId) ?? { element: null, cursor: 'null', timer: null };
    this.#carets.set(clientId, caret);
    if (caret.cursor === cursor) return;
    caret.cursor = cursor;
    caret.element?.classList.add('moved');
    if (caret.timer !== null) clearTimeout(caret.timer);
    caret.timer = setTimeout(() => {
      caret.timer = null;
      caret.element?.classList.remove('moved');
    }, FLAG_MS);
  }

  forget(clientId: number): void {
    const timer = this.#carets.get(clientId)?.timer ?? null;
    if (timer !== null) clearTimeout(timer);
    this.#carets.delete(clientId);
  }

  clear(): void {
    for (const clientId of [...this.#carets.keys()]) this.forget(clientId);
  }
}
