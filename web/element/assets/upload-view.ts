import { h } from '../../dom.ts';

export interface UploadActions {
  readonly cancel: () => void;
  readonly retry: () => void;
}

/** What stands in the text in place of something that is on its way up: a preview or its name, how far it is, and what can be done. */
export class UploadView {
  readonly #dom: HTMLElement;
  readonly #name: string;
  readonly #words = h('span', { class: 'upload-words' });
  readonly #progress = h('progress', { max: '1', 'aria-label': 'Uploaded' });
  readonly #problem = h('span', { class: 'upload-problem', role: 'alert' });
  readonly #retry: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;

  /** `preview` is an address to show, or `null` for what is no picture. */
  constructor(dom: HTMLElement, name: string, preview: string | null, actions: UploadActions) {
    this.#dom = dom;
    this.#name = name;
    this.#retry = h('button', { type: 'button', hidden: true, onclick: actions.retry }, 'Try again');
    this.#cancel = h('button', { type: 'button', onclick: actions.cancel }, 'Cancel');
    dom.setAttribute('role', 'group');
    dom.classList.toggle('upload-picture', preview !== null);
    dom.replaceChildren(
      ...(preview === null
        ? []
        : [h('img', { src: preview, alt: '', class: 'upload-preview', onerror: ({ target }) => (target as Element).remove() })]),
      h(
        'span',
        { class: 'upload-bar' },
        h('span', { class: 'upload-said' }, this.#words, this.#problem),
        this.#progress,
        this.#retry,
        this.#cancel,
      ),
    );
  }

  /** `share` from 0 to 1; `null` while it has not begun. */
  goes(share: number | null): void {
    const percent = share === null ? '' : ` · ${new Intl.NumberFormat(undefined, { style: 'percent' }).format(share)}`;
    this.#say('going', `Uploading ${this.#name}`, share === null ? `${this.#name} · waiting for its turn` : `${this.#name}${percent}`);
    if (share === null) this.#progress.removeAttribute('value');
    else this.#progress.value = share;
  }

  /** It goes on by itself once that is possible. */
  waits(reason: string): void {
    this.#say('waiting', `${this.#name} waits to be uploaded`, `${this.#name} · ${reason}; it goes up by itself then`);
  }

  /** `final`: to try it again would be in vain. */
  fails(reason: string, final: boolean): void {
    this.#say('failed', `${this.#name} was not uploaded`, '');
    this.#retry.hidden = final;
    // Last: a screen reader reads it as it comes.
    this.#problem.textContent = `${this.#name} was not uploaded: ${reason.replace(/\.$/, '')}.`;
  }

  #say(state: 'going' | 'waiting' | 'failed', label: string, words: string): void {
    this.#dom.dataset.state = state;
    this.#dom.setAttribute('aria-label', label);
    this.#words.textContent = words;
    this.#problem.textContent = '';
    this.#progress.hidden = state !== 'going';
    this.#retry.hidden = state === 'going';
    this.#cancel.textContent = state === 'failed' ? 'Remove' : 'Cancel';
  }
}
