import Quill from 'quill';
import QuillCursors from 'quill-cursors';
import { QuillBinding } from 'y-quill';
import { connect } from './connect.ts';
import 'quill/dist/quill.snow.css';

Quill.register('modules/cursors', QuillCursors);
const { document, awareness } = connect('example/quill');
const quill = new Quill('#editor', { theme: 'snow', modules: { cursors: true, history: { userOnly: true } } });
new QuillBinding(document.getText('quill'), quill, awareness);
