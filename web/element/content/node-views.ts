import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { loadChrome } from '../chrome-loader.ts';
import { codeBlockView } from './code-block-view.ts';
import { codeColors } from './code-colors.ts';
import { imageView } from './image-view.ts';
import { markdownClipboard } from './markdown-clipboard.ts';
import { mathView } from './math-view.ts';
import { tableView } from './table-view.ts';

/** How the schema's nodes look while they are edited; the schema itself stays as the server has it. */
export const NodeViews = Extension.create({
  name: 'nodeViews',
  addProseMirrorPlugins() {
    const math = mathView((_view, position, element) => {
      void loadChrome().then(({ editMath }) => editMath(this.editor, position, element));
    });
    return [
      new Plugin({
        props: {
          nodeViews: {
            inlineMath: math,
            blockMath: math,
            codeBlock: codeBlockView,
            image: imageView,
            inlineImage: imageView,
            table: tableView,
          },
        },
      }),
      codeColors(),
      markdownClipboard(),
    ];
  },
});
