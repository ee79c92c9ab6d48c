import { zipSync } from 'fflate';
import mammoth from 'mammoth';
import { fromHtml } from '../../../../document/formats/from-html.ts';
import { latexOfMathml } from '../../../../document/formats/html/latex.ts';
import { InkwireError } from '../../../../protocol/errors.ts';
import type { Import } from '../../files/converter.ts';
import { markupOf, openArchive } from '../../files/open-archive.ts';
import { type Formula, withFormulas, withoutFormulas } from './formulas.ts';
import { styleMapOf } from './style-map.ts';

const KIND = 'a Word document (.docx)';

/** What of a file is read: its text, and the pictures in it. Nothing that runs, and nothing that is embedded. */
const PARTS = /^(?:\[Content_Types\]\.xml|_rels\/\.rels|docProps\/core\.xml|word\/(?:_rels\/[^/]+\.rels|[^/]+\.xml|media\/[^/]+))$/;

/** A file of Word as content: mammoth reads what it means, by its styles, and not how it looks. Throws `bad-content`, `content-too-complex`. */
export const fromDocx: Import = async (file, warn) => {
  const parts = openArchive(file, KIND, (path) => PARTS.test(path.replace(/^\//, '')));
  const source = markupOf(parts, mainPartOf(parts), KIND);
  if (/<w:(?:ins|del|moveFrom|moveTo)\b/.test(source)) warn('Tracked changes were taken as they would be once accepted.');
  if (/<w:commentReference\b/.test(source)) warn('Comments of the file were left out.');
  const formulas: Formula[] = [];
  for (const path of parts.keys()) {
    if (!/\.(?:xml|rels)$/.test(path)) continue;
    const text = markupOf(parts, path, KIND);
    if (text.includes('<m:oMath')) parts.set(path, new TextEncoder().encode(withoutFormulas(text, formulas)));
  }
  const styles = [...parts].filter(([path]) => /styles\.xml$/.test(path)).map(([path]) => markupOf(parts, path, KIND));
  const html = await htmlOf(zipSync(Object.fromEntries(parts), { level: 0 }), styleMapOf(styles.join('')), warn);
  const read = fromHtml(withFormulas(arranged(html), formulas), warn, { latexOf: latexOfMathml });
  const title = titleOf(parts);
  return { content: read.content, title: title ?? read.title };
};

function mainPartOf(parts: ReadonlyMap<string, Uint8Array>): string {
  const rels = parts.has('_rels/.rels') ? markupOf(parts, '_rels/.rels', KIND) : '';
  const target = /Type="[^"]*\/officeDocument"[^>]*Target="\/?([^"]+)"|Target="\/?([^"]+)"[^>]*Type="[^"]*\/officeDocument"/.exec(rels);
  return target?.[1] ?? target?.[2] ?? 'word/document.xml';
}

async function htmlOf(buffer: Uint8Array, styleMap: string[], warn: (sentence: string) => void): Promise<string> {
  try {
    const { value, messages } = await mammoth.convertToHtml({ buffer: Buffer.from(buffer) }, { styleMap, ignoreEmptyParagraphs: false });
    for (const { message } of messages)
      if (!/^Unrecognised (?:paragraph|run|table) style|w:sym element/.test(message)) warn(`Word: ${message.slice(0, 200)}`);
    return value;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new InkwireError('bad-content', `The file is not ${KIND}, or it is damaged.`, { cause: error });
  }
}

/** What mammoth writes, as our reader of pages knows footnotes and captions. */
function arranged(html: string): string {
  const notes = html.replace(/<ol><li id="(?:foot|end)note-/, '<section data-footnotes>$&');
  const named = notes
    .replace(
      /(href="#|id=")(?:(end)note|footnote)-(ref-)?(\d+)"/g,
      (_whole, before: string, end: string | undefined, back: string | undefined, number: string) => {
        const label = end === undefined ? number : `end-${number}`;
        return `${before}user-content-fn${back === undefined ? '' : 'ref'}-${label}"`;
      },
    )
    .replace(/<p class="rule">.*?<\/p>/g, '<hr>')
    // The words of a heading cell are bold by being there.
    .replace(/<th\b[^>]*>[\s\S]*?<\/th>/g, (cell) => cell.replace(/<\/?strong>/g, ''))
    .replace(/<p><\/p>/g, '')
    .replace(/<p>(<img [^>]*>)<\/p><p class="caption">(.*?)<\/p>/g, '<figure>$1<figcaption>$2</figcaption></figure>');
  return notes === html ? named : `${named}</section>`;
}

function titleOf(parts: ReadonlyMap<string, Uint8Array>): string | null {
  if (!parts.has('docProps/core.xml')) return null;
  const text = /<dc:title>([^<]*)<\/dc:title>/.exec(markupOf(parts, 'docProps/core.xml', KIND))?.[1]?.trim() ?? '';
  const plain = text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
  return plain === '' || plain === 'Untitled' ? null : plain;
}
