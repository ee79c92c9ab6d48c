import type { Editor } from '@tiptap/core';
import { controlStyles } from '../../control-styles.ts';
import { adopt, h, sheet } from '../../dom.ts';
import { type IconName, icon } from '../../icons.ts';
import findCss from '../../style/find.css?inline';
import { shadowOf } from '../menus/fields.ts';
import { Finder, type Found } from './finder.ts';

let styles: CSSStyleSheet | null = null;
const open = new WeakMap<Editor, FindPanel>();

/** Opens the panel, or goes to the one that is open; the selected words are what it begins with. */
export function openFind(editor: Editor): void {
  const root = shadowOf(editor);
  if (root === null) return;
  const { from, to } = editor.state.selection;
  const selected = editor.state.doc.textBetween(from, Math.min(to, from + 200), '\n');
  const panel = open.get(editor) ?? new FindPanel(editor, root, () => open.delete(editor));
  open.set(editor, panel);
  panel.begin(selected.includes('\n') ? '' : selected);
}

/** Where one looks for words, and replaces them: a form above the text. */
class FindPanel {
  readonly #editor: Editor;
  readonly #finder: Finder;
  readonly #onClose: () => void;
  readonly #words = field('Find', () => this.#search());
  readonly #replacement = field('Replace by', () => {});
  readonly #said = h('output', { class: 'find-count', 'aria-live': 'polite' });
  readonly #options = {
    matchCase: this.#toggle('Aa', 'Match case'),
    wholeWord: this.#toggle('W', 'Whole words'),
    isPattern: this.#toggle('.*', 'Regular expression'),
  };
  readonly #dom: HTMLElement;

  constructor(editor: Editor, root: ShadowRoot, onClose: () => void) {
    this.#editor = editor;
    this.#onClose = onClose;
    styles ??= sheet(findCss);
    adopt(root, controlStyles);
    adopt(root, styles);
    const { matchCase, wholeWord, isPattern } = this.#options;
    const find = h(
      'div',
      { class: 'find-row' },
      this.#words,
      this.#said,
      matchCase,
      wholeWord,
      isPattern,
      tool('chevron', 'Previous match', () => this.#finder.step(-1), 'up'),
      tool('chevron', 'Next match', () => this.#finder.step(1)),
      tool('close', 'Close', () => this.close()),
    );
    const replace = h(
      'div',
      { class: 'find-row' },
      this.#replacement,
      h('button', { type: 'button', class: 'tool labelled', onclick: () => this.#finder.replace(this.#replacement.value) }, 'Replace'),
      h('button', { type: 'button', class: 'tool labelled', onclick: () => this.#replaceAll() }, 'Replace all'),
    );
    const form = h(
      'div',
      { class: 'find', role: 'search', 'aria-label': 'Find and replace', onkeydown: (event) => this.#onKey(event) },
      find,
      editor.isEditable && replace,
    );
    this.#dom = h('div', { class: 'find-place' }, form);
    this.#finder = new Finder(editor, (found) => this.#say(found));
    // Before the text, which it is about: a reader of the page comes to it first.
    (root.querySelector('.sheet') ?? root.lastElementChild)?.before(this.#dom);
    editor.on('destroy', this.#remove);
  }

  begin(words: string): void {
    if (words !== '') this.#words.value = words;
    this.#words.focus();
    this.#words.select();
    this.#search();
  }

  /** The chosen match is selected, so that one goes on where one was looking. */
  close(): void {
    this.#finder.select();
    this.#remove();
    this.#editor.view.focus();
  }

  readonly #remove = () => {
    this.#editor.off('destroy', this.#remove);
    this.#finder.destroy();
    this.#dom.remove();
    this.#onClose();
  };

  #search(): void {
    const pressed = (button: HTMLElement) => button.ariaPressed === 'true';
    const { matchCase, wholeWord, isPattern } = this.#options;
    this.#finder.search({
      words: this.#words.value,
      matchCase: pressed(matchCase),
      wholeWord: pressed(wholeWord),
      isPattern: pressed(isPattern),
    });
  }

  #replaceAll(): void {
    const count = this.#finder.replaceAll(this.#replacement.value);
    if (count > 0) this.#said.textContent = `${count} replaced`;
  }

  #say({ count, at, isCut, problem }: Found): void {
    this.#words.ariaInvalid = String(problem !== null);
    const many = `${count}${isCut ? '+' : ''}`;
    this.#said.textContent = problem ?? (this.#words.value === '' ? '' : count === 0 ? 'Nothing found' : `${at + 1} of ${many}`);
    this.#said.classList.toggle('wrong', problem !== null);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.close();
    else if (event.key === 'F3') this.#finder.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Enter' && event.target === this.#words) this.#finder.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Enter' && event.target === this.#replacement) this.#finder.replace(this.#replacement.value);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #toggle(letters: string, label: string): HTMLButtonElement {
    const button = h(
      'button',
      {
        ...{ type: 'button', class: 'tool find-option', 'aria-label': label, title: label, 'aria-pressed': 'false' },
        onclick: () => {
          button.ariaPressed = String(button.ariaPressed !== 'true');
          this.#search();
        },
      },
      letters,
    );
    return button;
  }
}

function field(label: string, oninput: () => void): HTMLInputElement {
  return h('input', { type: 'text', 'aria-label': label, placeholder: label, autocomplete: 'off', spellcheck: 'false', oninput });
}

function tool(look: IconName, label: string, onclick: () => void, className = ''): HTMLButtonElement {
  return h('button', { type: 'button', class: `tool ${className}`, 'aria-label': label, title: label, onclick }, icon(look));
}
