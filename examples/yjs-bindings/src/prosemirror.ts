import { exampleSetup } from 'prosemirror-example-setup';
import { keymap } from 'prosemirror-keymap';
import { schema } from 'prosemirror-schema-basic';
import { EditorState } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { redo, undo, yCursorPlugin, ySyncPlugin, yUndoPlugin } from 'y-prosemirror';
import { connect } from './connect.ts';
import 'prosemirror-example-setup/style/style.css';
import 'prosemirror-view/style/prosemirror.css';

const { document, awareness } = connect('example/prosemirror');
const shared = [ySyncPlugin(document.getXmlFragment('prosemirror')), yCursorPlugin(awareness), yUndoPlugin()];
const keys = keymap({ 'Mod-z': undo, 'Mod-y': redo, 'Mod-Shift-z': redo });

new EditorView(globalThis.document.querySelector('#editor'), {
  state: EditorState.create({ schema, plugins: [...shared, keys, ...exampleSetup({ schema, menuBar: false, history: false })] }),
});
