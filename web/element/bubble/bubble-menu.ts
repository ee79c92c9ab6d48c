import type { Editor } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import { adopt, h, sheet } from '../../dom.ts';
import { type Floating, float } from '../../floating.ts';
import { icon } from '../../icons.ts';
import { openMenu } from '../../menu.ts';
import bubbleCss from '../../style/bubble.css?inline';
import { editLink, insertFiles, insertMath, selectionAnchor } from '../menus/fields.ts';
import { inText } from '../toolbar/in-text.ts';
import { type Tool, toolGroups } from '../toolbar/tools.ts';
import { turnIntoEntries } from '../toolbar/turn-into.ts';

type Kind = 'selection' | 'link';

let styles: CSSStyleSheet | null = null;

/**
 * What floats above selected words, and above a link that the caret is in. It repeats for the mouse what the toolbar and Ctrl/⌘ K are for
 * everybody, so that screen readers do not hear it twice; on a phone the system shows its own menu there.
 */
export class BubbleMenu {
  readonly #editor: Editor;
  readonly #root: ShadowRoot;
  readonly #over = new AbortController();
  readonly #tools: readonly Tool[];
  #shown: { readonly kind: Kind; readonly floating: Floating; readonly refresh: () => void } | null = null;
  #isPressed = false;
  #frame = 0;

  constructor(editor: Editor, root: ShadowRoot) {
    this.#editor = editor;
    this.#root = root;
    this.#tools = toolGroups({
      editLink,
      insertImage: (e) => insertFiles(e, 'pictures'),
      insertMath: (e) => insertMath(e, 'inlineMath'),
      find: () => {},
    })[0]!;
    if (matchMedia('(pointer: coarse)').matches) return;
    styles ??= sheet(bubbleCss);
    adopt(root, styles);
    const { signal } = this.#over;
    editor.on('transaction', this.#schedule);
    editor.on('focus', this.#schedule);
    editor.on('blur', this.#schedule);
    // While one drags a selection, nothing may stand in its way.
    editor.view.dom.addEventListener('pointerdown', () => this.#press(true), { signal });
    document.addEventListener('pointerup', () => this.#press(false), { signal, capture: true });
    editor.view.dom.addEventListener('keydown', (event) => event.key === 'Escape' && this.#hide(), { signal });
  }

  destroy(): void {
    this.#over.abort();
    cancelAnimationFrame(this.#frame);
    this.#editor.off('transaction', this.#schedule);
    this.#editor.off('focus', this.#schedule);
    this.#editor.off('blur', this.#schedule);
    this.#hide();
  }

  #press(isPressed: boolean): void {
    if (this.#isPressed === isPressed) return;
    this.#isPressed = isPressed;
    this.#schedule();
  }

  readonly #schedule = () => {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#editor.isDestroyed) this.#refresh();
    });
  };

  get #kind(): Kind | null {
    const { isEditable, view, state } = this.#editor;
    const { selection } = state;
    if (!isEditable || this.#isPressed || !view.hasFocus() || !(selection instanceof TextSelection)) return null;
    if (selection.empty) return this.#editor.isActive('link') ? 'link' : null;
    return selection.$from.parent.type.spec.code === true ? null : 'selection';
  }

  #refresh(): void {
    const kind = this.#kind;
    if (kind !== this.#shown?.kind) {
      this.#hide();
      if (kind !== null) this.#show(kind);
    }
    this.#shown?.refresh();
    this.#shown?.floating.reposition();
  }

  #show(kind: Kind): void {
    const { dom, refresh } = kind === 'link' ? this.#linkCard() : this.#bar();
    const floating = float(dom, {
      root: this.#root,
      anchor: selectionAnchor(this.#editor),
      placement: kind === 'link' ? 'bottom' : 'top',
      closeOnOutside: false,
    });
    this.#shown = { kind, floating, refresh };
  }

  #hide(): void {
    this.#shown?.floating.close();
    this.#shown = null;
  }

  #bar() {
    const dom = surface();
    const buttons = this.#tools.map((tool) => {
      const look = 'icon' in tool.look ? icon(tool.look.icon) : h('span', { class: `glyph ${tool.look.glyph}` }, tool.look.letter);
      return { tool, button: press(tool.label, (button) => tool.run(this.#editor, button), look) };
    });
    const more = press('Turn into', (button) => this.#turnInto(button), icon('heading'), icon('chevron', 'chevron'));
    dom.append(...buttons.map(({ button }) => button), h('span', { class: 'toolbar-gap' }), more);
    const refresh = () => {
      for (const { tool, button } of buttons) button.ariaPressed = String(tool.pressed?.(this.#editor) ?? false);
    };
    return { dom, refresh };
  }

  #turnInto(anchor: HTMLElement): void {
    const editor = this.#editor;
    openMenu({
      root: this.#root,
      anchor,
      label: 'Turn into',
      entries: turnIntoEntries(editor),
    });
  }

  #linkCard() {
    const dom = surface();
    const address = h('a', { class: 'bubble-address', target: '_blank', rel: 'noopener noreferrer nofollow', tabindex: '-1' });
    const copy = press('Copy the address', () => void navigator.clipboard.writeText(address.href), icon('copy'));
    const edit = press('Edit the link', () => editLink(this.#editor), icon('pencil'));
    const remove = press('Remove the link', () => inText(this.#editor).extendMarkRange('link').unsetLink().run(), icon('trash'));
    dom.append(address, copy, edit, remove);
    const refresh = () => {
      const href = String(this.#editor.getAttributes('link').href ?? '');
      if (address.getAttribute('href') === href) return;
      address.href = href;
      address.textContent = href.replace(/^https?:\/\//, '');
      address.title = href;
    };
    return { dom, refresh };
  }
}

function surface(): HTMLElement {
  return h('div', { class: 'bubble', 'aria-hidden': 'true', onpointerdown: (event) => event.preventDefault() });
}

function press(label: string, run: (button: HTMLButtonElement) => void, ...look: Element[]): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'tool', tabindex: '-1', title: label, onclick: () => run(button) }, ...look);
  return button;
}
