import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, NodeSelection } from '@tiptap/pm/state';

/** An image that is selected by itself. */
export interface SelectedImage {
  readonly node: ProseMirrorNode;
  readonly position: number;
}

export function selectedImage({ selection }: EditorState): SelectedImage | null {
  if (!(selection instanceof NodeSelection) || !/^(?:image|inlineImage)$/.test(selection.node.type.name)) return null;
  return { node: selection.node, position: selection.from };
}
