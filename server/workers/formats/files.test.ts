import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { conform } from '../../../document/conform.ts';
import type { ContentNode } from '../../../document/content.ts';
import { fromMarkdown } from '../../../document/formats/from-markdown.ts';
import { toMarkdown } from '../../../document/formats/to-markdown.ts';
import type { ExportedAs } from '../../ports/conversions.ts';
import { openArchive } from '../files/open-archive.ts';
import { pictureFinder } from '../files/pictures.ts';
import { EXPORTS, IMPORTS } from './table.ts';

/** A document of all that the schema can say. */
const EVERYTHING = readFileSync(new URL('./testing/everything.md', import.meta.url), 'utf8');
const { content: everything } = fromMarkdown(EVERYTHING);

async function write(format: keyof typeof EXPORTS, content: ContentNode, as: ExportedAs = {}) {
  const warnings = new Set<string>();
  const source = {
    content: () => structuredClone(content),
    title: 'A <plan> & more',
    picture: pictureFinder('plan', as.pictures ?? new Map()),
    as,
  };
  const load = await EXPORTS[format].load();
  const file = await load({ ...source, state: () => new Uint8Array() }, (sentence) => warnings.add(sentence));
  return { file, warnings: [...warnings] };
}

async function read(format: keyof typeof IMPORTS, file: Uint8Array) {
  const warnings = new Set<string>();
  const { content, title } = await (await IMPORTS[format].load())(file, (sentence) => warnings.add(sentence));
  return { content: conform(content, () => {}), title, warnings: [...warnings] };
}

const markdownOf = (content: ContentNode) => toMarkdown(content, () => {});
const partOf = (file: Uint8Array, path: string) => new TextDecoder().decode(openArchive(file, 'a file', () => true).get(path));
const ofMarkdown = (text: string) => fromMarkdown(text).content;

/** The lines that one text has and the other has not. */
function changedLines(before: string, after: string): string[] {
  const [had, has] = [new Set(before.split('\n')), new Set(after.split('\n'))];
  return [
    ...[...had].filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...[...has].filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
}

describe('a document of everything', () => {
  for (const format of ['docx', 'odt', 'epub'] as const) {
    it(`loses by a trip to ${format} and back no more than docs/formats.md says`, async () => {
      const { file } = await write(format, everything);
      const { content, title } = await read(format, file);
      assert.equal(title, 'A <plan> & more');
      const lost = changedLines(markdownOf(everything), markdownOf(content)).join('\n');
      const path = new URL(`./testing/lost-in-${format}.txt`, import.meta.url);
      assert.equal(`${lost}\n`, readFileSync(path, 'utf8'));
    });

    it(`[X3] is the same after every further trip to ${format}`, async () => {
      const { content: first } = await read(format, (await write(format, everything)).file);
      const { content: second } = await read(format, (await write(format, first)).file);
      assert.equal(markdownOf(second), markdownOf(first));
    });
  }
});

describe('a Word document', () => {
  it('has headings by style, real lists and heads of tables', async () => {
    const xml = partOf((await write('docx', everything)).file, 'word/document.xml');
    for (const part of ['<w:pStyle w:val="Heading1"/>', '<w:numPr>', '<w:tblHeader/>', '<w:footnoteReference w:id="1"/>', '<w14:checkbox>'])
      assert.ok(xml.includes(part), part);
  });

  it('has formulas that Word edits', async () => {
    const xml = partOf((await write('docx', ofMarkdown('$\\frac{a}{b}$ and $x^2$\n\n$$\n\\sum_{i=1}^n i\n$$'))).file, 'word/document.xml');
    for (const part of ['<m:f><m:num>', '<m:sSup>', '<m:oMathPara>', '<m:nary>', '<m:chr m:val="∑"/>']) assert.ok(xml.includes(part), part);
  });

  it('has suggested changes as tracked ones', async () => {
    const xml = partOf(
      (await write('docx', ofMarkdown('<ins data-id="1">in</ins> and <del data-id="2">out</del>'))).file,
      'word/document.xml',
    );
    assert.match(xml, /<w:ins [^>]*>.*?<w:t[^>]*>in<\/w:t>.*?<\/w:ins>/);
    assert.match(xml, /<w:del [^>]*>.*?<w:delText[^>]*>out<\/w:delText>.*?<\/w:del>/);
  });

  it('has merged cells where the table has them', async () => {
    const cell = (text: string, attrs = {}): ContentNode => ({
      type: 'tableCell',
      attrs,
      content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
    });
    const table: ContentNode = {
      type: 'table',
      content: [
        { type: 'tableRow', content: [cell('a', { rowspan: 2 }), cell('b', { colspan: 2 })] },
        { type: 'tableRow', content: [cell('c'), cell('d')] },
      ],
    };
    for (const format of ['docx', 'odt'] as const) {
      const { content } = await read(format, (await write(format, { type: 'doc', content: [table] })).file);
      const cells = content.content![0]!.content!.map((row) =>
        row.content!.map(({ attrs }) => [attrs?.colspan ?? 1, attrs?.rowspan ?? 1].join()),
      );
      assert.deepEqual(
        cells,
        [
          ['1,2', '2,1'],
          ['1,1', '1,1'],
        ],
        format,
      );
    }
  });
});

describe('a PDF', () => {
  const textOf = async (file: Uint8Array) => {
    const { extractText, getDocumentProxy } = await import('unpdf');
    return (await extractText(await getDocumentProxy(Uint8Array.from(file)), { mergePages: true })).text;
  };

  it('says what the document says, in every script, with tags and its title', async () => {
    const { file } = await write('pdf', ofMarkdown('# Plan\n\nΕλληνικά, Русский, *Zürich* & <b>, # $ % "\\".\n\nשלום\n\nسلام'));
    const text = await textOf(file);
    for (const word of ['Plan', 'Ελληνικά', 'Русский', 'Zürich', '<b>, # $ % "']) assert.ok(text.includes(word), `${word} in ${text}`);
    const bytes = Buffer.from(file).toString('latin1');
    for (const part of ['/StructTreeRoot', '/MarkInfo', '/Outlines']) assert.ok(bytes.includes(part), part);
  });

  it('is set on the paper that is asked for', async () => {
    const { getDocumentProxy } = await import('unpdf');
    for (const [paper, width] of [
      ['a5', 420],
      ['letter', 612],
    ] as const) {
      const { file } = await write('pdf', ofMarkdown('text'), { page: { paper, marginMm: 10 } });
      const page = await (await getDocumentProxy(Uint8Array.from(file))).getPage(1);
      assert.equal(Math.round(page.view[2]! - page.view[0]!), width, paper);
    }
  });

  it('[X1] runs nothing that a writer writes, and reads no file', async () => {
    const attempts = [
      '#panic("ran")',
      '#read("/etc/passwd")',
      '"#panic("ran")"',
      '\\"#panic(\\"ran\\")',
      '$ #panic("ran") $',
      ']#panic("ran")[',
      '#image("/etc/hostname")',
    ];
    const inCode = attempts.map(
      (text): ContentNode => ({ type: 'codeBlock', attrs: { language: text }, content: [{ type: 'text', text }] }),
    );
    const inText = attempts.map(
      (text): ContentNode => ({
        type: 'paragraph',
        content: [{ type: 'text', text, marks: [{ type: 'link', attrs: { href: `https://a.example/${text}` } }] }],
      }),
    );
    const inMath = attempts.map((latex): ContentNode => ({ type: 'blockMath', attrs: { latex } }));
    const inImage = attempts.map((alt): ContentNode => ({ type: 'image', attrs: { src: 'https://a.example/a.png', alt, caption: alt } }));
    const { file } = await write('pdf', { type: 'doc', content: [...inText, ...inCode, ...inMath, ...inImage] });
    const text = await textOf(file);
    assert.ok(text.includes('#panic("ran")'), text);
    assert.doesNotMatch(text, /root:/);
  });

  it('[X12] is refused for what is nested or long beyond what can be set, and the next one is set', async () => {
    const text: ContentNode = { type: 'paragraph', content: [{ type: 'text', text: 'word '.repeat(20) }] };
    let deep = text;
    for (let depth = 0; depth < 95; depth++) deep = { type: 'blockquote', content: [deep] };
    const long = Array.from({ length: 30_000 }, () => text);
    for (const content of [[deep], long]) await assert.rejects(write('pdf', { type: 'doc', content }), { code: 'content-too-complex' });
    assert.match(await textOf((await write('pdf', ofMarkdown('Sow in March'))).file), /Sow in March/);
  });

  it('shows a formula that cannot be set as its source, and the rest as it is', async () => {
    const { file, warnings } = await write('pdf', ofMarkdown('before $\\unknowncommand{x}$ after'));
    assert.match(await textOf(file), /before\s+\\unknowncommand\{x\}\s+after/);
    assert.deepEqual(warnings, ['A formula that cannot be set was shown as its source.']);
  });
});

describe('LaTeX', () => {
  const latexOf = async (content: ContentNode) =>
    new TextDecoder().decode((await write('latex', content)).file).split('\\begin{document}')[1]!;

  it('[X2] runs nothing that a writer writes', async () => {
    const text = '\\input{/etc/passwd} \\write18{rm} %$#&_^~{}';
    const written = await latexOf({
      type: 'doc',
      content: [
        { type: 'paragraph', content: [{ type: 'text', text }] },
        { type: 'blockMath', attrs: { latex: '\\input{/etc/passwd}' } },
      ],
    });
    assert.doesNotMatch(written, /\\(?:input|write)\b/);
    assert.ok(written.includes('\\textbackslash{}input\\{/etc/passwd\\}'), written);
  });

  it('has sections, lists, tables, notes and formulas', async () => {
    const written = await latexOf(everything);
    for (const part of [
      '\\section{Sowing plan}',
      '\\begin{itemize}',
      '\\setcounter{enumi}{4}',
      '\\begin{longtable}',
      '\\footnote[1]{',
      '\\(E = mc^2\\)',
      '\\item[$\\boxtimes$]',
    ])
      assert.ok(written.includes(part), part);
  });
});

describe('pictures', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
    'base64',
  );
  const hash = 'a'.repeat(64);
  const own: ContentNode = { type: 'doc', content: [{ type: 'image', attrs: { src: `/api/documents/plan/assets/${hash}`, alt: 'red' } }] };

  for (const [format, path] of [
    ['docx', /^word\/media\/.*\.png$/],
    ['odt', /^Pictures\/1\.png$/],
    ['epub', /^EPUB\/pictures\/1\.png$/],
  ] as const) {
    it(`of the document are in ${format}`, async () => {
      const { file, warnings } = await write(format, own, { pictures: new Map([[hash, png]]) });
      const found = [...openArchive(file, format, () => true)].filter(([name]) => path.test(name));
      assert.deepEqual(
        found.map(([, bytes]) => Buffer.from(bytes).equals(png)),
        [true],
      );
      assert.deepEqual(warnings, []);
    });
  }

  it('[X1] that are elsewhere are left as links, with a warning', async () => {
    const remote = ofMarkdown('![far](https://a.example/a.png)');
    for (const format of ['docx', 'odt', 'epub', 'pdf', 'latex'] as const)
      assert.equal((await write(format, remote)).warnings.length, 1, format);
  });
});
