import { InkwireEditorElement } from './inkwire-editor.ts';

/** Makes `<inkwire-editor>` known to the page, if there is one. A page may load two modules that do so: the first stands. */
export function registerElement(): void {
  if (globalThis.customElements?.get('inkwire-editor') === undefined)
    globalThis.customElements?.define('inkwire-editor', InkwireEditorElement);
}
