import type { ContentMark, ContentNode, Warn } from '../../content.ts';
import type { StyleSheet } from './css.ts';
import type { Child } from './elements.ts';

/** What goes with a node from those around it. */
export interface Context {
  readonly marks: readonly ContentMark[];
  /** White space is text, as within `<pre>`. */
  readonly preserve: boolean;
  /** How many elements are around it. */
  readonly depth: number;
}

/** What reads the tree of a page, as far as its parts need one another. */
export interface Reader {
  readonly sheet: StyleSheet;
  readonly warn: Warn;
  /** What stands within an element as blocks. */
  blocks(children: readonly Child[], context: Context): ContentNode[];
}
