import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { EditorView, NodeView, NodeViewConstructor } from '@tiptap/pm/view';
import { h } from '../../dom.ts';

/** Languages to choose from, `[name in a fence, label]`: those that lowlight's common set colours. */
export const LANGUAGES: readonly (readonly [string, string])[] = [
  ['', 'Plain text'],
  ['bash', 'Bash'],
  ['c', 'C'],
  ['cpp', 'C++'],
  ['csharp', 'C#'],
  ['css', 'CSS'],
  ['diff', 'Diff'],
  ['go', 'Go'],
  ['graphql', 'GraphQL'],
  ['xml', 'HTML, XML'],
  ['ini', 'INI, TOML'],
  ['java', 'Java'],
  ['javascript', 'JavaScript'],
  ['json', 'JSON'],
  ['kotlin', 'Kotlin'],
  ['less', 'Less'],
  ['lua', 'Lua'],
  ['makefile', 'Makefile'],
  ['markdown', 'Markdown'],
  ['objectivec', 'Objective-C'],
  ['perl', 'Perl'],
  ['php', 'PHP'],
  ['python', 'Python'],
  ['r', 'R'],
  ['ruby', 'Ruby'],
  ['rust', 'Rust'],
  ['scss', 'SCSS'],
  ['shell', 'Shell session'],
  ['sql', 'SQL'],
  ['swift', 'Swift'],
  ['typescript', 'TypeScript'],
  ['vbnet', 'Visual Basic'],
  ['wasm', 'WebAssembly'],
  ['yaml', 'YAML'],
];

/** A code block with a choice of language in its corner. */
export const codeBlockView: NodeViewConstructor = (node, view, getPosition) => new CodeBlockView(node, view, getPosition);

class CodeBlockView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;
  readonly #select: HTMLSelectElement;
  #node: ProseMirrorNode;

  constructor(node: ProseMirrorNode, view: EditorView, getPosition: () => number | undefined) {
    this.#node = node;
    this.contentDOM = h('code', { spellcheck: 'false' });
    this.#select = h('select', {
      'aria-label': 'Language of this code block',
      contenteditable: 'false',
      disabled: !view.editable,
      onchange: () => {
        const position = getPosition();
        if (view.editable && position !== undefined)
          view.dispatch(view.state.tr.setNodeAttribute(position, 'language', this.#select.value || null));
        view.focus();
      },
    });
    this.dom = h(
      'div',
      { class: 'code-block', dir: 'ltr' },
      this.#select,
      h('pre', { tabindex: view.editable ? null : '0' }, this.contentDOM),
    );
    this.#show();
  }

  update(node: ProseMirrorNode): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#show();
    return true;
  }

  stopEvent(event: Event): boolean {
    return event.composedPath().includes(this.#select);
  }

  ignoreMutation(mutation: { readonly type: string; readonly target: Node }): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  #show(): void {
    const language = String(this.#node.attrs.language ?? '');
    if (this.#select.value === language && this.#select.options.length > 0) return;
    const known = LANGUAGES.some(([name]) => name === language);
    const options = known ? LANGUAGES : [...LANGUAGES, [language, language] as const];
    this.#select.replaceChildren(...options.map(([name, label]) => h('option', { value: name, selected: name === language }, label)));
  }
}
