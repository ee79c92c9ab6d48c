import type { Element, ElementContent } from 'xast';
import { toXml } from 'xast-util-to-xml';
import { x } from 'xastscript';
import { conform } from '../../../../document/conform.ts';
import type { ContentNode, Warn } from '../../../../document/content.ts';
import { numberFootnotes } from '../../../../document/formats/footnotes.ts';
import { xmlText } from '../../../../document/formats/xml/text.ts';
import { archiveOf } from '../../files/archive.ts';
import type { FindPicture } from '../../files/pictures.ts';
import { blocksOf, type Place } from './blocks.ts';
import type { Writing } from './line.ts';
import { OdtParts } from './parts.ts';
import { AUTOMATIC_STYLES, FONTS, NAMED_STYLES, NAMESPACES, PAGE } from './styles.ts';

const MEDIA_TYPE = 'application/vnd.oasis.opendocument.text';

/** A document as a text of OpenDocument 1.3: headings, lists, code and callouts by style, formulas as objects, suggested changes as tracked ones. */
export function toOdt(content: ContentNode, title: string, picture: FindPicture, warn: Warn): Uint8Array {
  const { body, notes } = numberFootnotes(conform(content, warn));
  const parts = new OdtParts();
  const called = notes.filter(({ isCalled }) => isCalled);
  const writing: Writing = {
    ...{ warn, picture, parts },
    note: (number) => {
      const blocks = blocksOf(called[number - 1]?.content ?? [], { writing: { ...writing, isNote: true }, style: 'Footnote' });
      // A note has paragraphs and lists, and no tables (OpenDocument 1.3, part 3, section 6.3.4).
      const kept: ElementContent[] = blocks.filter(({ name }) => name !== 'table:table');
      return kept.length > 0 ? kept : [x('text:p', { 'text:style-name': 'Footnote' })];
    },
  };
  const place: Place = { writing, style: 'Text_20_body' };
  const blocks = blocksOf(body.content ?? [], place);
  for (const { label, content: said } of notes.filter(({ isCalled }) => !isCalled)) {
    warn('A footnote that nothing calls was put at the end.');
    blocks.push(x('text:p', { 'text:style-name': 'Text_20_body' }, `[${label}]`), ...blocksOf(said, place));
  }
  const tracked = parts.changes.length === 0 ? [] : [x('text:tracked-changes', parts.changes)];
  const files: Record<string, string | Uint8Array> = {
    'content.xml': page('office:document-content', [
      FONTS,
      x('office:automatic-styles', [...AUTOMATIC_STYLES, ...parts.styles]),
      x('office:body', [x('office:text', [...tracked, ...blocks])]),
    ]),
    'styles.xml': page('office:document-styles', [FONTS, x('office:styles', [...NAMED_STYLES, ...parts.named]), ...PAGE]),
    'meta.xml': page('office:document-meta', [
      x('office:meta', [x('meta:generator', 'Inkwire'), x('dc:title', xmlText(title) || 'Untitled')]),
    ]),
    ...parts.files,
  };
  return archiveOf(MEDIA_TYPE, { 'META-INF/manifest.xml': manifestOf(Object.keys(files), parts.types), ...files });
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const page = (name: string, children: readonly Element[]): string => DECLARATION + toXml(x(name, NAMESPACES, [...children]));

function manifestOf(paths: readonly string[], types: ReadonlyMap<string, string>): string {
  const entry = (path: string, type: string) => x('manifest:file-entry', { 'manifest:full-path': path, 'manifest:media-type': type });
  const folders = [...types.keys()].filter((path) => path.endsWith('/'));
  const entries = [...folders, ...paths].map((path) => entry(path, types.get(path) ?? 'text/xml'));
  const root = { 'xmlns:manifest': NAMESPACES['xmlns:manifest'], 'manifest:version': '1.3' };
  return DECLARATION + toXml(x('manifest:manifest', root, [entry('/', MEDIA_TYPE), ...entries]));
}
