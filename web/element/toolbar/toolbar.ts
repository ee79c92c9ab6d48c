import type { Editor } from '@tiptap/core';
import { h } from '../../dom.ts';
import { icon } from '../../icons.ts';
import { type MenuEntry, openMenu } from '../../menu.ts';
import { moved, moveOf } from '../../roving.ts';
import { openFind } from '../find/find-panel.ts';
import { editLink, insertFiles, insertImage, insertMath } from '../menus/fields.ts';
import { blockTypeEntries, blockTypeLabel, tableEntries } from './block-type.ts';
import { shortcutLabel, type Tool, toolGroups } from './tools.ts';

export type ToolbarKind = 'full' | 'minimal';

interface Control {
  readonly button: HTMLButtonElement;
  readonly refresh: (editor: Editor) => void;
}

/** The toolbar after the WAI-ARIA pattern: one tab stop, arrows, Home and End within, Escape back to the text. */
export class Toolbar {
  readonly dom: HTMLElement;
  readonly #controls: Control[] = [];
  readonly #editor: Editor;
  #frame = 0;

  constructor(editor: Editor, root: ShadowRoot, kind: ToolbarKind, end: HTMLElement) {
    this.#editor = editor;
    const tools = h('div', { class: 'toolbar-tools' });
    const gap = () => tools.append(h('span', { class: 'toolbar-gap' }));
    const mac = /Mac|iP/.test(navigator.platform);

    const blockType = h('span', { class: 'label' });
    tools.append(
      this.#menuButton(
        root,
        'Block type',
        blockType,
        () => blockTypeEntries(editor),
        (button) => {
          blockType.textContent = blockTypeLabel(editor);
          button.setAttribute('aria-label', `Block type: ${blockType.textContent}`);
        },
        'block-type',
      ),
    );
    const offerImages = (_editor: Editor, button: HTMLButtonElement) =>
      openMenu({ root, anchor: button, label: 'Image or file', entries: imageEntries(editor) });
    const groups = toolGroups({ editLink, insertImage: offerImages, insertMath: (e) => insertMath(e, 'inlineMath'), find: openFind });
    for (const group of kind === 'full' ? groups : groups.slice(0, 2)) {
      gap();
      tools.append(...group.map((tool) => this.#toolButton(tool, mac)));
    }
    tools.append(
      this.#menuButton(
        root,
        'Table',
        h('span', {}, 'Table'),
        () => tableEntries(editor),
        (button) => {
          button.hidden = !editor.isActive('table');
        },
      ),
    );
    this.dom = h(
      'div',
      {
        class: 'toolbar',
        part: 'toolbar',
        role: 'toolbar',
        'aria-label': 'Formatting',
        'aria-orientation': 'horizontal',
        onkeydown: (event) => this.#onKey(event),
      },
      h('div', { class: 'toolbar-row' }, tools, end),
    );
    this.#setStop(0);
    editor.on('transaction', this.#schedule);
    this.#refresh();
  }

  /** Moves the focus to the toolbar's tab stop. */
  focus(): void {
    this.#controls.find(({ button }) => button.tabIndex === 0)?.button.focus();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#editor.off('transaction', this.#schedule);
    this.dom.remove();
  }

  // Asking `isActive` for every tool costs more than a keystroke may: once a frame is enough.
  readonly #schedule = () => {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#editor.isDestroyed) this.#refresh();
    });
  };

  #refresh(): void {
    for (const control of this.#controls) control.refresh(this.#editor);
  }

  #toolButton(tool: Tool, mac: boolean): HTMLButtonElement {
    const keys = tool.keys === undefined ? '' : shortcutLabel(tool.keys, mac);
    const button = h(
      'button',
      {
        type: 'button',
        class: 'tool',
        tabindex: '-1',
        title: keys === '' ? tool.label : `${tool.label} (${keys})`,
        'aria-label': tool.label,
        'aria-haspopup': tool.opensMenu && 'menu',
        'aria-expanded': tool.opensMenu && 'false',
        // A press must not take the selection out of the text.
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => {
          if (button.getAttribute('aria-disabled') !== 'true') tool.run(this.#editor, button);
        },
      },
      'icon' in tool.look
        ? icon(tool.look.icon)
        : h('span', { class: `glyph ${tool.look.glyph}`, 'aria-hidden': 'true' }, tool.look.letter),
    );
    const refresh = (editor: Editor) => {
      if (tool.pressed !== undefined) button.setAttribute('aria-pressed', String(tool.pressed(editor)));
      if (tool.enabled !== undefined) button.setAttribute('aria-disabled', String(!tool.enabled(editor)));
    };
    this.#controls.push({ button, refresh });
    return button;
  }

  #menuButton(
    root: ShadowRoot,
    label: string,
    content: HTMLElement,
    entries: () => Parameters<typeof openMenu>[0]['entries'],
    refresh: (button: HTMLButtonElement) => void,
    className = '',
  ): HTMLButtonElement {
    const button = h(
      'button',
      {
        type: 'button',
        class: `tool labelled ${className}`,
        tabindex: '-1',
        'aria-label': label,
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => openMenu({ root, anchor: button, label, entries: entries() }),
      },
      content,
      icon('chevron', 'chevron'),
    );
    this.#controls.push({ button, refresh: () => refresh(button) });
    return button;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#editor.view.focus();
      return;
    }
    const move = moveOf(event.key, 'horizontal', getComputedStyle(this.dom).direction === 'rtl');
    if (move === null) return;
    const shown = this.#controls.filter(({ button }) => !button.hidden);
    const at = shown.findIndex(({ button }) => button === event.target);
    const next = shown[moved(Math.max(at, 0), shown.length, move)];
    if (next === undefined) return;
    event.preventDefault();
    this.#setStop(this.#controls.indexOf(next));
    next.button.focus();
    next.button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #setStop(index: number): void {
    this.#controls.forEach(({ button }, at) => {
      button.tabIndex = at === index ? 0 : -1;
    });
  }
}

/** Where a picture may come from. */
function imageEntries(editor: Editor): MenuEntry[] {
  return [
    { label: 'Image from this device', icon: 'upload', run: () => insertFiles(editor, 'pictures') },
    { label: 'Image by its address', icon: 'link', run: () => insertImage(editor) },
    'line',
    { label: 'File from this device', icon: 'file', run: () => insertFiles(editor, 'files') },
  ];
}
