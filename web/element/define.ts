import { InkwireEditorElement } from './inkwire-editor.ts';

export type { InkwireEventDetails, InkwireEventMap } from './events.ts';
export type { Person } from './people.ts';
export type { Status, StatusKind } from './status.ts';
export { InkwireEditorElement };

declare global {
  interface HTMLElementTagNameMap {
    'inkwire-editor': InkwireEditorElement;
  }
}

// A page may load the module twice, from two addresses.
if (customElements.get('inkwire-editor') === undefined) customElements.define('inkwire-editor', InkwireEditorElement);
