import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { EditorView, NodeView, NodeViewConstructor } from '@tiptap/pm/view';
import { h } from '../../dom.ts';
import { adoptMathStyles, loadMath } from './katex-loader.ts';

/** Called when a formula is clicked, or Enter is pressed on it. */
export type EditMath = (view: EditorView, position: number, element: HTMLElement) => void;

/** How formulas are shown: as source until KaTeX is there, drawn from then on, as source in red when they are wrong. */
export function mathView(onEdit: EditMath): NodeViewConstructor {
  return (node, view, getPosition) => new MathView(node, view, getPosition, onEdit);
}

class MathView implements NodeView {
  readonly dom: HTMLElement;
  #node: ProseMirrorNode;
  #drawn: string | null = null;

  constructor(node: ProseMirrorNode, view: EditorView, getPosition: () => number | undefined, onEdit: EditMath) {
    this.#node = node;
    this.dom = h(node.type.name === 'blockMath' ? 'div' : 'span', {
      class: node.type.name === 'blockMath' ? 'math math-block' : 'math',
      contenteditable: 'false',
      onclick: () => {
        const position = getPosition();
        if (view.editable && position !== undefined) onEdit(view, position, this.dom);
      },
    });
    this.#draw(view);
  }

  update(node: ProseMirrorNode): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#draw(null);
    return true;
  }

  ignoreMutation(): boolean {
    return true;
  }

  #draw(view: EditorView | null): void {
    const latex = String(this.#node.attrs.latex ?? '');
    if (latex === this.#drawn) return;
    this.#drawn = latex;
    if (this.dom.childElementCount === 0) this.#showSource(latex, '');
    loadMath()
      .then((render) => {
        if (this.#drawn !== latex) return;
        const root = view?.root ?? this.dom.getRootNode();
        if (root instanceof ShadowRoot || root instanceof Document) adoptMathStyles(root);
        if (latex.trim() === '') return this.#showSource('formula', '');
        try {
          render(latex, this.dom, this.#node.type.name === 'blockMath');
        } catch (error) {
          this.#showSource(latex, error instanceof Error ? error.message : 'This formula cannot be drawn.');
        }
      })
      .catch(() => this.#showSource(latex, ''));
  }

  #showSource(latex: string, problem: string): void {
    this.dom.replaceChildren(h('span', { class: problem === '' ? 'math-source' : 'math-source wrong', title: problem || null }, latex));
  }
}
