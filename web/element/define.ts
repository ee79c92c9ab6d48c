import { InkwireEditorElement } from './inkwire-editor.ts';

// Its types are written by hand in web/public/inkwire.d.ts: those of the source would bring the whole of it along.
export { InkwireEditorElement };

// A page may load the module twice, from two addresses.
if (customElements.get('inkwire-editor') === undefined) customElements.define('inkwire-editor', InkwireEditorElement);
