import { h } from '../dom.ts';
import { CALM_MS, type Status } from '../element/status.ts';
import { sentenceFor, wordsFor } from '../element/status-words.ts';
import type { Transport } from '../element/transports.ts';
import { float } from '../floating.ts';
import { showFavicon } from './favicon.ts';

const WAYS: Readonly<Record<Transport, string>> = {
  websocket: 'Connected by WebSocket.',
  http: 'Connected over HTTP: this network does not let WebSockets through.',
};

/** The status as a word with a dot, on the page and on the tab; a press says it in full. */
export class StatusButton {
  readonly dom: HTMLButtonElement;
  readonly #word = h('span');
  #status: Status = { kind: 'connecting', waiting: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #transport: () => Transport | null;

  /** `transport` says how the server is reached. */
  constructor(transport: () => Transport | null) {
    this.#transport = transport;
    this.dom = h('button', { type: 'button', class: 'button status', onclick: () => this.#explain() }, this.#word);
    this.#draw();
  }

  show(status: Status): void {
    clearTimeout(this.#timer);
    const delayed = status.kind === 'saved' && this.#status.kind === 'saving';
    this.#status = status;
    if (delayed) this.#timer = setTimeout(() => this.#draw(), CALM_MS);
    else this.#draw();
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  #draw(): void {
    const { word, tone } = wordsFor(this.#status.kind);
    const { waiting } = this.#status;
    this.#word.textContent = this.#status.kind === 'offline' && waiting > 0 ? `${word} · ${waiting}` : word;
    this.dom.dataset.tone = tone;
    this.dom.title = sentenceFor(this.#status);
    void showFavicon(tone);
  }

  #explain(): void {
    const note = h('div', { class: 'note', role: 'status' }, h('p', {}, sentenceFor(this.#status)));
    if (this.#status.kind === 'saved') note.append(h('p', {}, 'An edit counts as saved once the database has committed it.'));
    const transport = this.#transport();
    if (transport !== null) note.append(h('p', {}, WAYS[transport]));
    float(note, { root: document.body, anchor: this.dom });
  }
}
