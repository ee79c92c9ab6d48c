import type { Editor } from '@tiptap/core';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import { adopt, h, sheet } from '../../dom.ts';
import { icon } from '../../icons.ts';
import { openMenu } from '../../menu.ts';
import blockHandleCss from '../../style/block-handle.css?inline';
import { turnIntoEntries } from '../toolbar/turn-into.ts';
import { deleteBlock, duplicateBlock, moveBlock } from './block-commands.ts';

let styles: CSSStyleSheet | null = null;

/**
 * A handle beside the block that the mouse is over: dragged, it moves the block; pressed, it opens what can be done with it. The
 * keyboard has the same by its own keys, so that the handle is no stop of the tab key.
 */
export class BlockHandle {
  readonly #editor: Editor;
  readonly #over = new AbortController();
  readonly #dom: HTMLButtonElement;
  #position: number | null = null;

  constructor(editor: Editor, root: ShadowRoot) {
    this.#editor = editor;
    this.#dom = h(
      'button',
      {
        ...{ type: 'button', class: 'block-handle', draggable: 'true', tabindex: '-1', hidden: true },
        ...{ 'aria-label': 'Block', 'aria-haspopup': 'menu', title: 'Drag to move, press for more' },
        onclick: () => this.#open(root),
        ondragstart: (event) => this.#drag(event),
        ondragend: () => this.#place(null),
      },
      icon('grip'),
    );
    if (matchMedia('(pointer: coarse)').matches) return;
    styles ??= sheet(blockHandleCss);
    adopt(root, styles);
    const sheetElement = root.querySelector<HTMLElement>('.sheet');
    sheetElement?.append(this.#dom);
    const { signal } = this.#over;
    sheetElement?.addEventListener('mousemove', (event) => this.#follow(event), { signal });
    sheetElement?.addEventListener('mouseleave', () => this.#place(null), { signal });
    editor.on('update', this.#hide);
  }

  destroy(): void {
    this.#over.abort();
    this.#editor.off('update', this.#hide);
    this.#dom.remove();
  }

  readonly #hide = () => this.#place(null);

  #follow(event: MouseEvent): void {
    const { view, isEditable } = this.#editor;
    if (!isEditable || event.buttons !== 0 || event.composedPath().includes(this.#dom)) return;
    const { left, width } = view.dom.getBoundingClientRect();
    const found = view.posAtCoords({ left: left + Math.min(width / 2, 40), top: event.clientY });
    if (found === null || found.inside < 0) {
      this.#place(null);
      return;
    }
    const $at = view.state.doc.resolve(found.inside);
    this.#place($at.depth === 0 ? found.inside : $at.before(1));
  }

  #place(position: number | null): void {
    if (this.#dom.ariaExpanded === 'true') return;
    this.#position = position;
    const block = position === null ? null : this.#editor.view.nodeDOM(position);
    const around = this.#dom.parentElement;
    this.#dom.hidden = !(block instanceof HTMLElement) || around === null;
    if (!(block instanceof HTMLElement) || around === null) return;
    const lineHeight = Number.parseFloat(getComputedStyle(block).lineHeight) || 28;
    const top = block.getBoundingClientRect().top - around.getBoundingClientRect().top;
    this.#dom.style.insetBlockStart = `${Math.round(top + (lineHeight - 24) / 2)}px`;
  }

  #open(root: ShadowRoot): void {
    const editor = this.#editor;
    const position = this.#position;
    if (position === null) return;
    const { doc, tr } = editor.state;
    // Into the block, unless one is in it already: what the menu does is done to the block of the selection.
    const node = doc.nodeAt(position);
    const { from } = editor.state.selection;
    if (node === null) return;
    if (from <= position || from >= position + node.nodeSize) {
      editor.view.dispatch(
        tr.setSelection(node.isAtom ? NodeSelection.create(doc, position) : TextSelection.near(doc.resolve(position + 1))),
      );
    }
    openMenu({
      root,
      anchor: this.#dom,
      label: 'Block',
      entries: [
        { label: 'Move up', hint: 'Alt Shift ↑', run: () => moveBlock(editor, 'up') && editor.view.focus() },
        { label: 'Move down', hint: 'Alt Shift ↓', run: () => moveBlock(editor, 'down') && editor.view.focus() },
        { label: 'Duplicate', icon: 'copy', hint: 'Ctrl Shift D', run: () => duplicateBlock(editor) && editor.view.focus() },
        { group: 'Turn into' },
        ...turnIntoEntries(editor),
        'line',
        { label: 'Delete', icon: 'trash', danger: true, run: () => deleteBlock(editor) },
      ],
    });
  }

  #drag(event: DragEvent): void {
    const { view } = this.#editor;
    const block = this.#position === null ? null : view.nodeDOM(this.#position);
    if (this.#position === null || event.dataTransfer === null || !(block instanceof HTMLElement)) return;
    const selection = NodeSelection.create(view.state.doc, this.#position);
    view.dispatch(view.state.tr.setSelection(selection));
    const slice = selection.content();
    const { dom, text } = view.serializeForClipboard(slice);
    event.dataTransfer.clearData();
    event.dataTransfer.setData('text/html', dom.innerHTML);
    event.dataTransfer.setData('text/plain', text);
    event.dataTransfer.effectAllowed = 'copyMove';
    event.dataTransfer.setDragImage(block, 0, 0);
    view.dragging = { slice, move: true };
  }
}
