import { InkwireEditorElement } from '../element/inkwire-editor.ts';
import { registerElement } from '../element/register.ts';

// What `import '@inkwire/editor'` is. Its types are written by hand beside it: those of the source would bring the whole of it along.
export { InkwireEditorElement };

registerElement();
