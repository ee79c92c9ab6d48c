import { h, sheet } from '../dom.ts';
import asidesCss from '../style/asides.css?inline';
import blocksCss from '../style/blocks.css?inline';
import editingCss from '../style/editing.css?inline';
import elementCss from '../style/element.css?inline';
import picturesCss from '../style/pictures.css?inline';
import proseCss from '../style/prose.css?inline';
import tokensCss from '../style/tokens.css?inline';
import { Notice, type RejectedEdits } from './notice.ts';
import { CALM_MS, type Status } from './status.ts';
import { wordsFor } from './status-words.ts';

let sheets: CSSStyleSheet[] | null = null;

/** What stands in the shadow root around the editor: toolbar, notice, sheet, status for those who listen. */
export class Shell {
  readonly mount = h('div', { class: 'mount' });
  readonly toolbarEnd = h('span', { class: 'toolbar-end' });
  readonly #toolbarPlace = h('div', { class: 'toolbar-place' });
  readonly #notice: Notice;
  readonly #skeleton = h('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...Array.from({ length: 5 }, () => h('span')));
  readonly #sheet = h('div', { class: 'sheet', part: 'sheet' }, this.#skeleton, this.mount);
  readonly #spoken = h('div', { class: 'quiet', role: 'status' });
  readonly #word = h('span', { part: 'status' });
  #other: HTMLElement | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `onBelow` is called for a press on the empty sheet below the text. */
  constructor(root: ShadowRoot, onBelow: () => void, rejected: RejectedEdits) {
    this.#notice = new Notice(rejected);
    sheets ??= [tokensCss, elementCss, proseCss, blocksCss, asidesCss, editingCss, picturesCss].map(sheet);
    // What came before goes behind: it is of later use.
    root.adoptedStyleSheets = [...sheets, ...root.adoptedStyleSheets];
    // y-tiptap asks the editor's root for a range, as if it were a document; without one it throws and drops
    // every remote edit that arrives while the editor has the focus.
    Object.assign(root, { createRange: () => document.createRange() });
    this.toolbarEnd.append(h('slot', { name: 'toolbar-end' }, this.#word));
    this.#sheet.addEventListener('pointerdown', (event) => {
      if (event.target !== this.#sheet || event.offsetY < this.mount.offsetHeight) return;
      event.preventDefault();
      onBelow();
    });
    root.append(this.#spoken, this.#toolbarPlace, this.#notice.dom, this.#sheet);
  }

  showToolbar(toolbar: HTMLElement | null): void {
    this.#toolbarPlace.replaceChildren(...(toolbar === null ? [] : [toolbar]));
  }

  /** Shows something else in the place of the toolbar and the text; `null` shows those again. */
  showInstead(other: HTMLElement | null): void {
    this.#other?.remove();
    this.#other = other;
    this.#toolbarPlace.hidden = other !== null;
    this.#sheet.hidden = other !== null;
    if (other !== null) this.#sheet.after(other);
  }

  showSkeleton(shown: boolean): void {
    this.#skeleton.hidden = !shown;
    this.mount.hidden = shown;
  }

  showStatus(status: Status, loaded: boolean): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { word } = wordsFor(status.kind);
    const show = () => {
      this.#word.textContent = word;
      this.#spoken.textContent = word;
    };
    if (status.kind === 'saved' && this.#word.textContent !== '') this.#timer = setTimeout(show, CALM_MS);
    else show();
    if (this.#notice.show(status, loaded) && !loaded) this.#skeleton.hidden = true;
  }

  /** Says in the document's place why none can be opened. */
  showProblem(sentence: string): void {
    this.showSkeleton(false);
    this.#notice.say(sentence);
  }

  /** Tells those who listen of something that the status does not say. */
  say(sentence: string): void {
    this.#spoken.textContent = sentence;
  }

  destroy(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
