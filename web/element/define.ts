import { InkwireEditorElement } from './inkwire-editor.ts';
import { registerElement } from './register.ts';

export { InkwireEditorElement };

InkwireEditorElement.home = new URL('.', import.meta.url).href;
registerElement();
