import { sheet } from './dom.ts';
import controlsCss from './style/controls.css?inline';

/** What tools, menus and fields look like, for a shadow root to adopt. */
export const controlStyles = sheet(controlsCss);
