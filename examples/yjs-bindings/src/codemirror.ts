import { EditorState } from '@codemirror/state';
import { basicSetup, EditorView } from 'codemirror';
import { yCollab } from 'y-codemirror.next';
import { connect } from './connect.ts';

const { document, awareness } = connect('example/codemirror');
const text = document.getText('codemirror');

new EditorView({
  parent: globalThis.document.querySelector('#editor')!,
  state: EditorState.create({ doc: text.toString(), extensions: [basicSetup, yCollab(text, awareness)] }),
});
