import type { Editor } from '@tiptap/core';
import { h } from '../../dom.ts';
import { type IconName, icon } from '../../icons.ts';
import { moved, moveOf } from '../../roving.ts';
import type { Assets } from '../assets/assets.ts';
import { copyIn } from './copy-in.ts';
import { editImage } from './edit-image.ts';
import { type SelectedImage, selectedImage } from './selected-image.ts';

const ALIGNMENTS = [
  ['left', 'align-left', 'Align left'],
  ['center', 'align-center', 'Align in the middle'],
  ['right', 'align-right', 'Align right'],
] as const;

/** What is offered for the image: a toolbar after the WAI-ARIA pattern. */
export function imageBar(editor: Editor, selected: SelectedImage, assets: Assets): HTMLElement {
  const bar = h('div', { class: 'image-bar', role: 'toolbar', 'aria-label': 'Image' });
  const problem = h('span', { class: 'upload-problem', role: 'alert' });
  const { src } = selected.node.attrs;
  const isRemote = typeof src === 'string' && /^https?:/i.test(src) && !assets.isHere(src);

  if (!selected.node.isInline) {
    const align = selected.node.attrs.align ?? 'center';
    for (const [value, look, label] of ALIGNMENTS) {
      const button = tool(look, label, () => setAttribute(editor, 'align', align === value ? null : value));
      button.setAttribute('aria-pressed', String(align === value));
      bar.append(button);
    }
    bar.append(gap());
  }
  bar.append(tool('pencil', 'Description, caption, link and width', () => editImage(editor)));
  if (isRemote) {
    const copy = tool('download', 'Copy into this document', async () => {
      copy.setAttribute('aria-disabled', 'true');
      problem.textContent = (await copyIn(editor, String(src), assets)) ?? '';
      copy.removeAttribute('aria-disabled');
    });
    copy.classList.add('labelled');
    copy.append(h('span', {}, 'Copy into this document'));
    bar.append(copy, problem);
  }
  bar.append(
    gap(),
    tool('trash', 'Remove the image', () => editor.chain().deleteSelection().run() && editor.view.focus()),
  );

  const buttons = [...bar.querySelectorAll('button')];
  buttons.forEach((button, at) => {
    button.tabIndex = at === 0 ? 0 : -1;
  });
  bar.addEventListener('keydown', (event) => {
    const move = moveOf(event.key, 'horizontal', getComputedStyle(bar).direction === 'rtl');
    const at = buttons.findIndex((button) => button.matches(':focus'));
    if (move === null || at < 0) return;
    event.preventDefault();
    buttons[moved(at, buttons.length, move)]?.focus();
  });
  return bar;
}

function tool(look: IconName, label: string, run: () => unknown): HTMLButtonElement {
  return h(
    'button',
    {
      type: 'button',
      class: 'tool',
      title: label,
      'aria-label': label,
      // A press must not take the selection from the image.
      onpointerdown: (event) => event.preventDefault(),
      onclick: ({ currentTarget }) => (currentTarget as Element).getAttribute('aria-disabled') !== 'true' && run(),
    },
    icon(look),
  );
}

function gap(): HTMLElement {
  return h('span', { class: 'toolbar-gap' });
}

function setAttribute(editor: Editor, name: string, value: unknown): void {
  const selected = selectedImage(editor.state);
  if (selected !== null) editor.view.dispatch(editor.state.tr.setNodeAttribute(selected.position, name, value));
}
