import { conform } from '../../../document/conform.ts';
import type { ContentNode, Warn } from '../../../document/content.ts';
import type { ExportName, ImportName } from '../../../document/formats/format.ts';
import { fromJson } from '../../../document/formats/from-json.ts';
import { fromText } from '../../../document/formats/from-text.ts';
import { toText } from '../../../document/text.ts';
import { InkwireError } from '../../../protocol/errors.ts';
import type { ExportedAs } from '../../ports/conversions.ts';
import type { Export, Import, ImportedContent } from '../files/converter.ts';

interface Converter<Convert> {
  /** What is no larger is converted on the event loop, bytes; 0 where it may be anything but quick. */
  readonly inlineBytes: number;
  /** The code, loaded when first used: the converters and KaTeX take 150 ms and some 20 MB, which a server that only exports text never needs. */
  readonly load: () => Promise<Convert>;
}

export interface Exporter extends Converter<Export> {
  /** Files of it hold the document's pictures. */
  readonly holdsPictures?: true;
}
export type Importer = Converter<Import>;

/** Text and JSON of this size took 1–3 ms, a thread 0.3 ms more and its start 100 ms. */
const LIGHT_BYTES = 32 * 1024;

/** How each format is written; a format of `document/formats/format.ts` without a row does not compile. */
export const EXPORTS: Readonly<Record<ExportName, Exporter>> = {
  json: {
    inlineBytes: LIGHT_BYTES,
    load: async () =>
      writesText((content, _title, warn) => {
        // What the schema does not know stays in the file; its warnings say that a reader may not know it either.
        conform(content, warn);
        return `${JSON.stringify(content)}\n`;
      }),
  },
  text: { inlineBytes: LIGHT_BYTES, load: async () => writesText(toText) },
  markdown: {
    inlineBytes: 0,
    load: async () => {
      const { toMarkdown } = await import('../../../document/formats/to-markdown.ts');
      return writesText((content, _title, warn) => toMarkdown(content, warn));
    },
  },
  html: {
    inlineBytes: 0,
    async load() {
      const { toHtmlFragment, toHtmlPage } = await import('../../../document/formats/to-html.ts');
      return writesText((content, title, warn, { isFragment }) =>
        isFragment === true ? toHtmlFragment(content, warn) : toHtmlPage(content, title, warn),
      );
    },
  },
  yjs: {
    inlineBytes: LIGHT_BYTES,
    load:
      async () =>
      ({ state }) =>
        state(),
  },
  docx: {
    inlineBytes: 0,
    holdsPictures: true,
    async load() {
      const { toDocx } = await import('./docx/to-docx.ts');
      return ({ content, title, picture, changedBy }, warn) => toDocx(content(), title, picture, warn, changedBy);
    },
  },
  pdf: { inlineBytes: 0, holdsPictures: true, load: async () => (await import('./pdf/to-pdf.ts')).toPdf },
  odt: {
    inlineBytes: 0,
    holdsPictures: true,
    async load() {
      const { toOdt } = await import('./odt/to-odt.ts');
      return ({ content, title, picture }, warn) => toOdt(content(), title, picture, warn);
    },
  },
  epub: {
    inlineBytes: 0,
    holdsPictures: true,
    async load() {
      const { toEpub } = await import('./epub/to-epub.ts');
      return ({ content, title, picture }, warn) => toEpub(content(), title, picture, warn);
    },
  },
  latex: { inlineBytes: 0, load: async () => writesText((await import('../../../document/formats/to-latex.ts')).toLatex) },
};

/** How each format is read. */
export const IMPORTS: Readonly<Record<ImportName, Importer>> = {
  json: { inlineBytes: LIGHT_BYTES, load: async () => readsText((text, warn) => ({ content: fromJson(text, warn), title: null })) },
  markdown: { inlineBytes: 0, load: async () => readsText((await import('../../../document/formats/from-markdown.ts')).fromMarkdown) },
  text: { inlineBytes: LIGHT_BYTES, load: async () => readsText((text) => ({ content: fromText(text), title: null })) },
  yjs: { inlineBytes: 0, load: async () => (await import('../../../document/formats/from-yjs.ts')).fromYjs },
  html: {
    inlineBytes: 0,
    async load() {
      const { fromHtml } = await import('../../../document/formats/from-html.ts');
      const { latexOfMathml } = await import('../../../document/formats/html/latex.ts');
      return readsText((text, warn) => fromHtml(text, warn, { comments: true, latexOf: latexOfMathml }));
    },
  },
  docx: { inlineBytes: 0, load: async () => (await import('./docx/from-docx.ts')).fromDocx },
  odt: { inlineBytes: 0, load: async () => (await import('./odt/from-odt.ts')).fromOdt },
  epub: { inlineBytes: 0, load: async () => (await import('./epub/from-epub.ts')).fromEpub },
};

function writesText(write: (content: ContentNode, title: string, warn: Warn, as: ExportedAs) => string): Export {
  return ({ content, title, as }, warn) => new TextEncoder().encode(write(content(), title, warn, as));
}

function readsText(read: (text: string, warn: Warn) => ImportedContent): Import {
  return (file, warn) => {
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(file);
    } catch {
      throw new InkwireError('bad-content', 'The file is not UTF-8 text.');
    }
    return read(text, warn);
  };
}
