import type { Editor } from '@tiptap/core';
import { isSafeLink } from '../../../document/safe-url.ts';
import { openField } from '../menus/field.ts';
import { shadowOf } from '../menus/fields.ts';
import { typedWidth } from './image-width.ts';
import { selectedImage } from './selected-image.ts';

const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));

/** Asks what is to be said of the selected image. */
export function editImage(editor: Editor): void {
  const root = shadowOf(editor);
  const selected = selectedImage(editor.state);
  const element = selected === null ? null : editor.view.nodeDOM(selected.position);
  if (root === null || selected === null || !(element instanceof HTMLElement)) return;
  const { alt, caption, href, width } = selected.node.attrs;
  const hasCaption = !selected.node.isInline;
  openField({
    root,
    anchor: element,
    label: 'Image',
    inputs: [
      { label: 'Description, for those who cannot see it', value: text(alt) },
      ...(hasCaption ? [{ label: 'Caption', value: text(caption) }] : []),
      { label: 'Link', value: text(href), placeholder: 'https://', kind: 'url' as const },
      { label: 'Width', value: text(width), placeholder: 'pixels, or % of the column' },
    ],
    save: 'Done',
    onSave: (values) => {
      const typed = [...values];
      const changed: Record<string, unknown> = { alt: typed.shift() || null };
      if (hasCaption) changed.caption = typed.shift() || null;
      const [address = '', size = ''] = typed;
      const newWidth = typedWidth(size);
      if (!isSafeLink(address)) return 'This kind of address cannot be linked.';
      if (newWidth === undefined) return 'Type a width such as 400 or 50%.';
      const now = selectedImage(editor.state);
      // Somebody may have taken it away meanwhile.
      if (now === null) return null;
      const height = newWidth === width ? now.node.attrs.height : null;
      const transaction = editor.state.tr;
      for (const [name, value] of Object.entries({ ...changed, href: address || null, width: newWidth, height })) {
        if (now.node.attrs[name] !== value) transaction.setNodeAttribute(now.position, name, value);
      }
      if (transaction.docChanged) editor.view.dispatch(transaction);
      return null;
    },
    onClose: () => editor.view.focus(),
  });
}
