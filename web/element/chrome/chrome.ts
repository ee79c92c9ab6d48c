/** Everything around the text: a chunk of its own, so that the text is there first. */
import { sheet } from '../../dom.ts';
import printCss from '../../style/print.css?inline';

export { controlStyles } from '../../control-styles.ts';
export { BlockHandle } from '../bubble/block-handle.ts';
export { BubbleMenu } from '../bubble/bubble-menu.ts';
export { openFind } from '../find/find-panel.ts';
export { ImageTools } from '../images/image-tools.ts';
export { editLink, editMath, editSelectedMath } from '../menus/fields.ts';
export { SlashMenu } from '../menus/slash-menu.ts';
export { Toolbar } from '../toolbar/toolbar.ts';

/** What a page on paper looks like. */
export const printStyles = sheet(printCss);
