/** Where something goes: at an end of the document, beside a block, or at the end of what stands under a heading. */
export type Place =
  | { readonly at: 'start' | 'end' }
  | { readonly before: string }
  | { readonly after: string }
  /** The text of a heading; what is written goes behind what stands under it, before the next heading of its level or a higher one. */
  | { readonly under: string };

/** One thing to do to a document. Blocks are named by their ids (`blockId`), Markdown is read as an import is. */
export type Operation =
  /** Text of one block, found as a TextQuoteSelector finds it (W3C Web Annotation, 4.2.4); `all` for every place where it stands. */
  | {
      readonly op: 'replace';
      readonly quote: string;
      readonly prefix?: string | undefined;
      readonly suffix?: string | undefined;
      readonly with: string;
      readonly all?: boolean | undefined;
    }
  | ({ readonly op: 'insert'; readonly markdown: string } & Place)
  | { readonly op: 'replaceBlock'; readonly block: string; readonly markdown: string }
  | ({ readonly op: 'moveBlock'; readonly block: string } & Place)
  | { readonly op: 'deleteBlock'; readonly block: string }
  | { readonly op: 'setTitle'; readonly title: string };

/** What has become of one of the outermost blocks, or of the title; as Markdown. */
export type Change =
  | { readonly kind: 'inserted'; readonly block: string; readonly after: string }
  | { readonly kind: 'changed'; readonly block: string; readonly before: string; readonly after: string }
  | { readonly kind: 'deleted'; readonly block: string; readonly before: string }
  | { readonly kind: 'title'; readonly before: string; readonly after: string };
