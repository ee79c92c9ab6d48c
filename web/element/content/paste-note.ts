import type { EditorView } from '@tiptap/pm/view';
import { h } from '../../dom.ts';
import { float } from '../../floating.ts';

/** How long it stays if nothing is written, ms. */
const SHOWN_MS = 12_000;

/** Says under the caret, quietly, what of a paste was simplified, and offers to undo it. Gone with the next key or press. */
export function showPasteNote(view: EditorView, warnings: readonly string[], undo: () => void): void {
  const root = view.dom.getRootNode();
  if (warnings.length === 0 || !(root instanceof ShadowRoot)) return;
  const count = warnings.length === 1 ? '1 thing was simplified' : `${warnings.length} things were simplified`;
  const button = h('button', { type: 'button' }, 'Undo');
  const surface = h(
    'div',
    { class: 'paste-note', role: 'status' },
    h('p', {}, `${count}: ${warnings.slice(0, 3).join(' ')}${warnings.length > 3 ? ' …' : ''}`),
    button,
  );
  const position = view.state.selection.head;
  const anchor = {
    getBoundingClientRect: () => {
      const { left, top, bottom } = view.coordsAtPos(Math.min(position, view.state.doc.content.size));
      return new DOMRect(left, top, 0, bottom - top);
    },
    contextElement: view.dom,
  };
  const onKey = (event: KeyboardEvent) => {
    if (!['Shift', 'Control', 'Meta', 'Alt', 'Tab'].includes(event.key) && !event.composedPath().includes(surface)) note.close();
  };
  const timer = setTimeout(() => note.close(), SHOWN_MS);
  const note = float(surface, {
    root,
    anchor,
    onClose: () => {
      clearTimeout(timer);
      view.dom.removeEventListener('keydown', onKey);
    },
  });
  view.dom.addEventListener('keydown', onKey);
  button.addEventListener('click', () => {
    note.close();
    undo();
    view.focus();
  });
}
