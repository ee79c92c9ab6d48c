import type { EditorView, NodeViewConstructor } from '@tiptap/pm/view';
import { h } from '../../dom.ts';
import { icon } from '../../icons.ts';

/** A collapsible section. Who expands it does so on one screen. */
export const detailsView: NodeViewConstructor = (node) => {
  const contentDOM = h('div', { class: 'details-content' });
  const toggle = h(
    'button',
    { type: 'button', class: 'details-toggle', contenteditable: 'false', onpointerdown: (event) => event.preventDefault() },
    icon('chevron'),
  );
  const dom = h('div', { class: 'details', role: 'group' }, toggle, contentDOM);
  const show = (isOpen: boolean) => {
    dom.classList.toggle('open', isOpen);
    toggle.setAttribute('aria-expanded', String(isOpen));
    toggle.setAttribute('aria-label', isOpen ? 'Collapse' : 'Expand');
  };
  toggle.addEventListener('click', () => show(!dom.classList.contains('open')));
  dom.addEventListener(EXPAND, () => show(true));
  show(node.attrs.open === true);
  return {
    dom,
    contentDOM,
    update: (next) => next.type === node.type,
    stopEvent: (event) => toggle.contains(event.target as Node),
    ignoreMutation: (mutation) => mutation.type !== 'selection' && !contentDOM.contains(mutation.target),
  };
};

const EXPAND = 'inkwire-expand';

/** Expands what the caret is in: wherever a key, a search or a link leads it, there it is seen. */
export function expandAroundCaret(view: EditorView): void {
  const { $head } = view.state.selection;
  for (let depth = $head.depth; depth > 0; depth--) {
    if ($head.node(depth).type.name !== 'details' || $head.index(depth) === 0) continue;
    const dom = view.nodeDOM($head.before(depth));
    if (dom instanceof HTMLElement && !dom.classList.contains('open')) dom.dispatchEvent(new Event(EXPAND));
  }
}
