import { Document, Footer, Packer, PageNumber, Paragraph, TextRun } from 'docx';
import { conform } from '../../../../document/conform.ts';
import type { ContentNode, Warn } from '../../../../document/content.ts';
import { type Footnote, numberFootnotes } from '../../../../document/formats/footnotes.ts';
import { xmlText } from '../../../../document/formats/xml/text.ts';
import type { ChangedBy } from '../../files/converter.ts';
import type { FindPicture } from '../../files/pictures.ts';
import { blocksOf, type Place } from './blocks.ts';
import type { Writing } from './line.ts';
import { Lists } from './lists.ts';
import { stylesOf } from './styles.ts';

/**
 * A document as a file of Word (ECMA-376, transitional): headings, lists, code and callouts by style, formulas as Word edits them,
 * suggested changes as tracked ones.
 */
export async function toDocx(
  content: ContentNode,
  title: string,
  picture: FindPicture,
  warn: Warn,
  changedBy: ChangedBy = suggested(),
): Promise<Uint8Array> {
  const { body, notes } = numberFootnotes(conform(content, warn));
  const lists = new Lists();
  let changes = 0;
  const writing: Writing = { warn, picture, changedBy, nextChange: () => ++changes };
  const place: Place = { writing, lists, steps: 0, depth: 0 };
  const children = blocksOf(body.content ?? [], place);
  children.push(...blocksOf(uncalled(notes, warn), place));
  const footnotes = Object.fromEntries(
    notes
      .filter(({ isCalled }) => isCalled)
      .map((note, at) => [at + 1, footnoteOf(note, { ...place, writing: { ...writing, inNote: true } })]),
  );
  const number = new Paragraph({
    alignment: 'center',
    children: [new TextRun({ children: [PageNumber.CURRENT], size: 18, color: '6B665D' })],
  });
  const document = new Document({
    title: xmlText(title) || 'Untitled',
    creator: 'Inkwire',
    styles: stylesOf(lists.languages),
    numbering: lists.options(),
    footnotes,
    sections: [
      { footers: { default: new Footer({ children: [number] }) }, children: children.length > 0 ? children : [new Paragraph({})] },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
}

/** Suggestions do not say who made them, nor when. */
function suggested(): ChangedBy {
  const date = new Date().toISOString();
  return () => ({ author: 'Suggestion', date });
}

/** What a footnote says; Word has paragraphs in them and no tables. */
function footnoteOf({ content }: Footnote, place: Place): { children: Paragraph[] } {
  const paragraphs = blocksOf(content, place).filter((block): block is Paragraph => block instanceof Paragraph);
  return { children: paragraphs.length > 0 ? paragraphs : [new Paragraph({})] };
}

/** Notes that nothing calls stand at the end, under their labels. */
function uncalled(notes: readonly Footnote[], warn: Warn): ContentNode[] {
  return notes
    .filter(({ isCalled }) => !isCalled)
    .flatMap(({ label, content }) => {
      warn('A footnote that nothing calls was put at the end.');
      const sign: ContentNode = { type: 'paragraph', content: [{ type: 'text', text: `[${label}]` }] };
      const [first, ...rest] = content;
      if (first?.type !== 'paragraph') return [sign, ...content];
      return [{ ...first, content: [{ type: 'text', text: `[${label}] ` }, ...(first.content ?? [])] }, ...rest];
    });
}
