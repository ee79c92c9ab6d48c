import type { Element } from 'xast';
import { x } from 'xastscript';
import { CALLOUT_KINDS, calloutTitle } from '../../../../document/nodes/callout.ts';
import { CALLOUT_COLORS, MONO, SANS, SERIF } from '../../files/looks.ts';
import { styleName } from './parts.ts';

const INK = '#1d1b18';
const MUTED = '#6b665d';

type Properties = Record<string, string>;

/** The names that the elements of a file are written under. */
export const NAMESPACES = {
  'xmlns:office': 'urn:oasis:names:tc:opendocument:xmlns:office:1.0',
  'xmlns:style': 'urn:oasis:names:tc:opendocument:xmlns:style:1.0',
  'xmlns:text': 'urn:oasis:names:tc:opendocument:xmlns:text:1.0',
  'xmlns:table': 'urn:oasis:names:tc:opendocument:xmlns:table:1.0',
  'xmlns:draw': 'urn:oasis:names:tc:opendocument:xmlns:drawing:1.0',
  'xmlns:fo': 'urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0',
  'xmlns:svg': 'urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0',
  'xmlns:xlink': 'http://www.w3.org/1999/xlink',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:meta': 'urn:oasis:names:tc:opendocument:xmlns:meta:1.0',
  'xmlns:manifest': 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0',
  'office:version': '1.3',
};

export const FONTS = x('office:font-face-decls', [
  x('style:font-face', { 'style:name': SERIF, 'svg:font-family': SERIF, 'style:font-family-generic': 'roman' }),
  x('style:font-face', { 'style:name': SANS, 'svg:font-family': SANS, 'style:font-family-generic': 'swiss' }),
  x('style:font-face', { 'style:name': MONO, 'svg:font-family': MONO, 'style:font-family-generic': 'modern', 'style:font-pitch': 'fixed' }),
]);

function style(name: string, parent: string | null, paragraph: Properties, text: Properties = {}, more: Properties = {}): Element {
  const head = {
    'style:name': styleName(name),
    'style:display-name': name,
    'style:family': 'paragraph',
    ...(parent === null ? {} : { 'style:parent-style-name': styleName(parent) }),
    ...more,
  };
  return x('style:style', head, [x('style:paragraph-properties', paragraph), x('style:text-properties', text)]);
}

const heading = (level: number, size: number): Element =>
  style(
    `Heading ${level}`,
    'Standard',
    { 'fo:margin-top': '0.6cm', 'fo:margin-bottom': '0.2cm', 'fo:keep-with-next': 'always' },
    { 'style:font-name': SANS, 'fo:font-size': `${size}pt`, 'fo:font-weight': 'bold' },
    { 'style:default-outline-level': String(level), 'style:next-style-name': 'Text_20_body' },
  );

function callout(kind: (typeof CALLOUT_KINDS)[number]): Element[] {
  const name = `Callout ${calloutTitle(kind)}`;
  const color = `#${CALLOUT_COLORS[kind].toLowerCase()}`;
  const border = { 'fo:border-left': `2pt solid ${color}`, 'fo:padding-left': '0.3cm', 'fo:margin-left': '0.3cm' };
  return [
    style(name, 'Text body', border),
    style(
      `${name} Title`,
      name,
      { 'fo:keep-with-next': 'always' },
      { 'fo:color': color, 'fo:font-weight': 'bold', 'style:font-name': SANS, 'fo:font-size': '10pt' },
    ),
  ];
}

/** The styles of a file that a word processor lists, named as it names its own where it has them. */
export const NAMED_STYLES: readonly Element[] = [
  x('style:default-style', { 'style:family': 'paragraph' }, [
    x('style:paragraph-properties', { 'style:writing-mode': 'page' }),
    x('style:text-properties', { 'style:font-name': SERIF, 'fo:font-size': '11.5pt', 'fo:color': INK }),
  ]),
  style('Standard', null, {}),
  style('Text body', 'Standard', { 'fo:margin-bottom': '0.25cm', 'fo:line-height': '130%' }),
  heading(1, 20),
  heading(2, 16),
  heading(3, 13.5),
  heading(4, 12),
  heading(5, 11),
  heading(6, 11),
  style(
    'Quotations',
    'Text body',
    { 'fo:border-left': '2pt solid #e7e3da', 'fo:padding-left': '0.3cm', 'fo:margin-left': '0.3cm' },
    { 'fo:color': MUTED },
  ),
  style('Details', 'Text body', { 'fo:margin-left': '0.5cm' }),
  style('Summary', 'Text body', { 'fo:keep-with-next': 'always' }, { 'fo:font-weight': 'bold' }),
  style('Caption', 'Text body', {}, { 'fo:font-size': '9.5pt', 'fo:color': MUTED }),
  style(
    'Code',
    'Standard',
    { 'fo:background-color': '#f7f5f0', 'fo:border': '0.5pt solid #e7e3da', 'fo:padding': '0.2cm', 'fo:margin-bottom': '0.3cm' },
    { 'style:font-name': MONO, 'fo:font-size': '9.5pt' },
  ),
  style('Horizontal Line', 'Standard', { 'fo:border-bottom': '0.5pt solid #bfb9ad', 'fo:margin-bottom': '0.5cm' }),
  style('Table Contents', 'Standard', {}),
  style('Table Heading', 'Table Contents', {}, { 'fo:font-weight': 'bold' }),
  style('Footnote', 'Standard', {}, { 'fo:font-size': '9.5pt' }),
  x('style:style', { 'style:name': 'Code_20_Characters', 'style:display-name': 'Code Characters', 'style:family': 'text' }, [
    x('style:text-properties', { 'style:font-name': MONO, 'fo:font-size': '92%' }),
  ]),
  ...CALLOUT_KINDS.flatMap(callout),
  x('style:style', { 'style:name': 'Graphics', 'style:family': 'graphic' }),
  ...['Footnote_20_Symbol', 'Footnote_20_anchor'].map((name) =>
    x('style:style', { 'style:name': name, 'style:family': 'text' }, [x('style:text-properties', { 'style:text-position': 'super 66%' })]),
  ),
  x('text:notes-configuration', {
    'text:note-class': 'footnote',
    'text:citation-style-name': 'Footnote_20_Symbol',
    'text:citation-body-style-name': 'Footnote_20_anchor',
    'style:num-format': '1',
    'text:footnotes-position': 'page',
  }),
];

const edge = '0.5pt solid #d8d3c8';
const cell = (name: string, more: Properties = {}): Element =>
  x('style:style', { 'style:name': name, 'style:family': 'table-cell' }, [
    x('style:table-cell-properties', { 'fo:border': edge, 'fo:padding': '0.15cm', ...more }),
  ]);
const graphic = (name: string): Element =>
  x('style:style', { 'style:name': name, 'style:family': 'graphic', 'style:parent-style-name': 'Graphics' }, [
    x('style:graphic-properties', { 'style:vertical-pos': 'middle', 'style:vertical-rel': 'text' }),
  ]);

/** Styles of the file's own parts, which nobody lists. */
export const AUTOMATIC_STYLES: readonly Element[] = [
  cell('Cell'),
  cell('HeaderCell', { 'fo:background-color': '#f4f1ea' }),
  graphic('Formula'),
  graphic('Picture'),
  x('style:style', { 'style:name': 'Grid', 'style:family': 'table' }, [
    x('style:table-properties', {
      'style:rel-width': '100%',
      'table:align': 'margins',
      'fo:margin-bottom': '0.4cm',
      'table:border-model': 'collapsing',
    }),
  ]),
];

/** A page of A4 with its number below. */
export const PAGE: readonly Element[] = [
  x('office:automatic-styles', [
    x('style:page-layout', { 'style:name': 'Page' }, [
      x('style:page-layout-properties', { 'fo:page-width': '21cm', 'fo:page-height': '29.7cm', 'fo:margin': '2.5cm' }),
      x('style:footer-style', [x('style:header-footer-properties', { 'fo:margin-top': '0.8cm' })]),
    ]),
    x('style:style', { 'style:name': 'PageNumber', 'style:family': 'paragraph', 'style:parent-style-name': 'Standard' }, [
      x('style:paragraph-properties', { 'fo:text-align': 'center' }),
      x('style:text-properties', { 'fo:font-size': '9pt', 'fo:color': MUTED }),
    ]),
  ]),
  x('office:master-styles', [
    x('style:master-page', { 'style:name': 'Standard', 'style:page-layout-name': 'Page' }, [
      x('style:footer', [
        x('text:p', { 'text:style-name': 'PageNumber' }, [x('text:page-number', { 'text:select-page': 'current' }, '1')]),
      ]),
    ]),
  ]),
];
