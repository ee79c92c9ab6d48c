import type { Editor } from '@tiptap/core';
import { NodeSelection } from '@tiptap/pm/state';
import { isSafeImage, isSafeLink } from '../../../document/safe-url.ts';
import type { Anchor } from '../../floating.ts';
import { uploadFiles } from '../assets/upload-plugin.ts';
import { openField } from './field.ts';
import { pickFiles } from './pick-files.ts';

/** Asks for the address of the link at the selection; sets, changes or removes it. */
export function editLink(editor: Editor): void {
  const root = shadowOf(editor);
  if (root === null) return;
  const href = String(editor.getAttributes('link').href ?? '');
  const { empty } = editor.state.selection;
  openField({
    root,
    anchor: selectionAnchor(editor),
    label: 'Link',
    inputs: [{ label: 'Address', value: href, placeholder: 'https://', kind: 'url' }],
    save: 'Link',
    ...(href === '' ? {} : { remove: { label: 'Remove link', run: () => void editor.chain().extendMarkRange('link').unsetLink().run() } }),
    onSave: ([typed = '']) => {
      const address = completed(typed);
      if (address === '') return 'Type an address.';
      if (!isSafeLink(address)) return 'This kind of address cannot be linked.';
      if (empty && href === '')
        editor
          .chain()
          .insertContent({ type: 'text', text: typed, marks: [{ type: 'link', attrs: { href: address } }] })
          .run();
      else editor.chain().extendMarkRange('link').setLink({ href: address }).run();
      return null;
    },
    onClose: () => editor.view.focus(),
  });
}

/** Lets the person choose pictures, or files of any kind, of their device; they go up and are put in at the selection. */
export function insertFiles(editor: Editor, kind: 'pictures' | 'files'): void {
  pickFiles(kind, (files) => {
    if (editor.isDestroyed || !editor.isEditable) return;
    uploadFiles(editor.view, files, editor.state.selection.from);
    editor.view.focus();
  });
}

/** Asks for an image by its address. */
export function insertImage(editor: Editor): void {
  const root = shadowOf(editor);
  if (root === null) return;
  openField({
    root,
    anchor: selectionAnchor(editor),
    label: 'Image',
    inputs: [
      { label: 'Address', value: '', placeholder: 'https://', kind: 'url' },
      { label: 'Description, for those who cannot see it', value: '' },
    ],
    save: 'Insert',
    onSave: ([src = '', alt = '']) => {
      if (!/^(?:https:|data:)/i.test(src) || !isSafeImage(src)) return 'An image needs an https: address.';
      editor.chain().setImage({ src, alt }).run();
      return null;
    },
    onClose: () => editor.view.focus(),
  });
}

/** Asks for the LaTeX source of a formula at the selection, and inserts it there. */
export function insertMath(editor: Editor, type: 'inlineMath' | 'blockMath'): void {
  openMath(editor, selectionAnchor(editor), '', (latex) => editor.chain().insertContent({ type, attrs: { latex } }).run());
}

/** Edits the formula at `position`; an emptied one is removed. */
export function editMath(editor: Editor, position: number, element: HTMLElement): void {
  const node = editor.state.doc.nodeAt(position);
  if (node === null) return;
  openMath(editor, element, String(node.attrs.latex ?? ''), (latex) => {
    const { state } = editor;
    // Others may have edited meanwhile: only the formula that was opened is changed.
    const here = state.doc.nodeAt(position)?.eq(node) ? position : findNode(editor, node.attrs.latex, node.type.name);
    if (here === null) return;
    const changed = latex === '' ? state.tr.delete(here, here + node.nodeSize) : state.tr.setNodeAttribute(here, 'latex', latex);
    editor.view.dispatch(changed);
  });
}

/** Opens what Enter opens on a selected formula; false when none is selected. */
export function editSelectedMath(editor: Editor): boolean {
  const { selection } = editor.state;
  if (!(selection instanceof NodeSelection) || !selection.node.type.name.endsWith('Math')) return false;
  const element = editor.view.nodeDOM(selection.from);
  if (!(element instanceof HTMLElement)) return false;
  editMath(editor, selection.from, element);
  return true;
}

function openMath(editor: Editor, anchor: Anchor, latex: string, onSave: (latex: string) => void): void {
  const root = shadowOf(editor);
  if (root === null) return;
  openField({
    root,
    anchor,
    label: 'Formula',
    inputs: [{ label: 'LaTeX', value: latex, placeholder: 'e^{i\\pi} + 1 = 0', kind: 'source' }],
    save: 'Done',
    onSave: ([source = '']) => {
      if (source !== '' || latex !== '') onSave(source);
      return null;
    },
    onClose: () => editor.view.focus(),
  });
}

function findNode(editor: Editor, latex: unknown, type: string): number | null {
  let found: number | null = null;
  editor.state.doc.descendants((node, position) => {
    if (node.type.name === type && node.attrs.latex === latex) found ??= position;
    return found === null;
  });
  return found;
}

function completed(address: string): string {
  if (/^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(address)) return `mailto:${address}`;
  return /^[\w-]+(?:\.[\w-]+)+(?:[/?#:]|$)/.test(address) ? `https://${address}` : address;
}

/** The shadow root that an editor is in. */
export function shadowOf(editor: Editor): ShadowRoot | null {
  const root = editor.view.dom.getRootNode();
  return root instanceof ShadowRoot ? root : null;
}

/** Where the selection stands on the screen. */
export function selectionAnchor(editor: Editor): Anchor {
  return {
    contextElement: editor.view.dom,
    getBoundingClientRect: () => {
      const { from, to } = editor.state.selection;
      const start = editor.view.coordsAtPos(from);
      const end = editor.view.coordsAtPos(to);
      const left = Math.min(start.left, end.left);
      return new DOMRect(left, start.top, Math.max(1, end.right - left), end.bottom - start.top);
    },
  };
}
