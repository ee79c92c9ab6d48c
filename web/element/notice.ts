import { h } from '../dom.ts';
import type { Status, StatusKind } from './status.ts';
import { sentenceFor, wordsFor } from './status-words.ts';

/** What can be done with edits the server refused. */
export interface RejectedEdits {
  /** What they wrote, as Markdown; '' when they only took something away. */
  readonly text: () => Promise<string>;
  /** Drops them and shows the server's document. */
  readonly discard: () => void;
}

/** The bar above the text that says what is wrong, what is safe and what to do. It is not modal: the text can be read and copied. */
export class Notice {
  readonly dom: HTMLElement;
  readonly #rejected: RejectedEdits;
  readonly #sentence = h('span', { class: 'sentence' });
  readonly #actions = h('div', { class: 'actions' });
  readonly #text = h('textarea', { class: 'rejected', readonly: true, rows: 6, 'aria-label': 'What was not stored', hidden: true });
  #offering: StatusKind | null = null;

  constructor(rejected: RejectedEdits) {
    this.#rejected = rejected;
    const row = h('div', { class: 'row' }, this.#sentence, this.#actions, h('slot', { name: 'notice-end' }));
    this.dom = h('div', { class: 'notice', part: 'notice', hidden: true }, h('div', { class: 'box' }, row, this.#text));
  }

  /** `loaded`: the document is on the screen. True when there is something to say. */
  show(status: Status, loaded: boolean): boolean {
    const calm =
      ['connecting', 'saving', 'saved', 'reconnecting'].includes(status.kind) ||
      (status.kind === 'offline' && loaded && status.waiting === 0);
    this.dom.hidden = calm;
    this.dom.dataset.tone = wordsFor(status.kind).tone;
    this.#sentence.textContent = calm ? '' : sentenceFor(status);
    const offering = loaded && status.waiting > 0 && ['rejected', 'removed', 'deleted'].includes(status.kind) ? status.kind : null;
    // Only when it changes: whoever is on one of the buttons stays there.
    if (offering !== this.#offering) this.#offer(offering);
    return !calm;
  }

  /** Says something that is no status, and offers nothing. */
  say(sentence: string): void {
    this.dom.hidden = false;
    this.dom.dataset.tone = 'bad';
    this.#sentence.textContent = sentence;
    this.#offer(null);
  }

  #offer(offering: StatusKind | null): void {
    this.#offering = offering;
    this.#text.hidden = true;
    this.#actions.replaceChildren();
    if (offering === null) return;
    const copy = button('Copy', 'primary', () => void this.#copy(copy));
    const discard = button('Discard and reload', '', () => this.#ask(discard));
    this.#actions.append(copy);
    // Where there is no document to go back to, there is only the copy.
    if (offering === 'rejected') this.#actions.append(discard);
    void this.#rejected.text().then((text) => {
      copy.hidden = text === '';
    });
  }

  async #copy(copy: HTMLButtonElement): Promise<void> {
    const text = await this.#rejected.text();
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = 'Copied';
    } catch {
      // A page without TLS, or a frame that may not write to the clipboard: the text is there to be taken by hand.
      this.#text.hidden = false;
      this.#text.value = text;
      this.#text.select();
    }
  }

  #ask(discard: HTMLButtonElement): void {
    const before = [...this.#actions.childNodes];
    const keep = button('Keep', '', () => {
      this.#actions.replaceChildren(...before);
      discard.focus();
    });
    const really = button('Discard for good', 'danger', () => this.#rejected.discard());
    this.#actions.replaceChildren(really, keep);
    keep.focus();
  }
}

function button(label: string, kind: string, onclick: () => void): HTMLButtonElement {
  return h('button', { type: 'button', class: kind, onclick }, label);
}
