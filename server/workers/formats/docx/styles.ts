import type { IParagraphStyleOptions, IStylesOptions } from 'docx';
import { CALLOUT_KINDS, type CalloutKind } from '../../../../document/nodes/callout.ts';
import { CALLOUT_COLORS, calloutStyle, codeStyle, MONO, SANS, SERIF } from '../../files/looks.ts';

const INK = '1D1B18';
const MUTED = '6B665D';
const ACCENT = CALLOUT_COLORS.note;

/** Twips: a twentieth of a point. */
export const INDENT = 360;

/** Styles are referred to by an id without spaces. */
export const styleId = (name: string): string =>
  name.replace(/[^A-Za-z0-9]/g, (letter) => (letter === ' ' ? '' : `_${letter.codePointAt(0)!.toString(16)}`));

const HEADING = { basedOn: 'Normal', next: 'Normal', quickFormat: true };
const headingLook = (size: number, before: number) => ({
  run: { size, bold: true, color: INK, font: SANS },
  paragraph: { spacing: { before, after: 120 }, keepNext: true, keepLines: true },
});

/** The styles of a file, named as Word names its own where it has them. */
export function stylesOf(languages: ReadonlySet<string>): IStylesOptions {
  const paragraphStyles: IParagraphStyleOptions[] = [
    { id: 'Quote', name: 'Quote', basedOn: 'Normal', quickFormat: true, run: { color: MUTED, italics: false }, paragraph: {} },
    {
      id: 'Caption',
      name: 'Caption',
      basedOn: 'Normal',
      quickFormat: true,
      run: { color: MUTED, size: 19 },
      paragraph: { spacing: { after: 200 } },
    },
    {
      id: 'HorizontalLine',
      name: 'Horizontal Line',
      basedOn: 'Normal',
      paragraph: { border: { bottom: { style: 'single', size: 6, space: 1, color: 'BFB9AD' } }, spacing: { after: 280 } },
    },
    { id: 'Summary', name: 'Summary', basedOn: 'Normal', quickFormat: true, run: { bold: true }, paragraph: { keepNext: true } },
    ...['', ...languages].map(codeParagraph),
    ...CALLOUT_KINDS.flatMap(calloutParagraphs),
  ];
  return {
    default: {
      document: { run: { font: SERIF, size: 23, color: INK }, paragraph: { spacing: { after: 140, line: 312, lineRule: 'auto' } } },
      title: { run: { size: 52, bold: true, font: SANS, color: INK }, paragraph: { spacing: { after: 280 } } },
      heading1: { ...HEADING, ...headingLook(40, 360) },
      heading2: { ...HEADING, ...headingLook(32, 320) },
      heading3: { ...HEADING, ...headingLook(27, 280) },
      heading4: { ...HEADING, ...headingLook(24, 240) },
      heading5: { ...HEADING, ...headingLook(22, 240) },
      heading6: { ...HEADING, ...headingLook(22, 240) },
      hyperlink: { run: { color: ACCENT, underline: {} } },
      footnoteText: { run: { size: 19 } },
      footnoteReference: { run: { superScript: true } },
    },
    paragraphStyles,
    characterStyles: [{ id: 'CodeCharacters', name: 'Code Characters', run: { font: MONO, size: 21 } }],
  };
}

function codeParagraph(language: string): IParagraphStyleOptions {
  const name = codeStyle(language);
  const line = { style: 'single', size: 4, space: 6, color: 'E7E3DA' } as const;
  return {
    id: styleId(name),
    name,
    basedOn: language === '' ? 'Normal' : 'Code',
    ...(language === ''
      ? {
          run: { font: MONO, size: 19, noProof: true },
          paragraph: {
            spacing: { after: 200, line: 276, lineRule: 'auto' },
            border: { top: line, bottom: line, left: line, right: line },
            shading: { type: 'clear', fill: 'F7F5F0' },
          },
        }
      : {}),
  };
}

function calloutParagraphs(kind: CalloutKind): IParagraphStyleOptions[] {
  const color = CALLOUT_COLORS[kind];
  const name = calloutStyle(kind);
  const border = { left: { style: 'single', size: 18, space: 12, color } } as const;
  return [
    { id: styleId(name), name, basedOn: 'Normal', paragraph: { border, indent: { left: INDENT } } },
    {
      id: styleId(`${name} Title`),
      name: `${name} Title`,
      basedOn: styleId(name),
      run: { bold: true, color, font: SANS, size: 20 },
      paragraph: { keepNext: true, spacing: { after: 60 } },
    },
  ];
}
