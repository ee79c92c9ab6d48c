import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { Assets } from '../assets/assets.ts';
import { loadChrome } from '../chrome/chrome-loader.ts';
import { codeBlockView } from './code-block-view.ts';
import { codeColors } from './code-colors.ts';
import { detailsView } from './details-view.ts';
import { imageView } from './image-view.ts';
import { markdownClipboard } from './markdown-clipboard.ts';
import { mathView } from './math-view.ts';
import { pasting } from './pasting.ts';

/** How the schema's nodes look while they are edited; the schema itself stays as the server has it. */
export const NodeViews = Extension.create<{ assets: Assets }>({
  name: 'nodeViews',
  addProseMirrorPlugins() {
    const { assets } = this.options;
    const image = imageView(assets);
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
            image,
            inlineImage: image,
            details: detailsView,
          },
          handleDOMEvents: { click: (view, event) => saveLinkedFile(assets, event, !view.editable || event.ctrlKey || event.metaKey) },
        },
      }),
      codeColors(),
      markdownClipboard(),
      pasting(this.editor),
    ];
  },
});

/** A link to a file of the document is followed by a request that has the token; the browser's own would have none. */
function saveLinkedFile(assets: Assets, event: MouseEvent, isFollowed: boolean): boolean {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  const href = link?.getAttribute('href') ?? '';
  if (!isFollowed || !assets.isHere(href)) return false;
  event.preventDefault();
  assets.save(href, link?.textContent ?? '');
  return true;
}
