import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import type { ContentMark, ContentNode } from '../content.ts';
import { replaceContent } from '../live.ts';
import { randomContent, seeded } from '../random-content.ts';
import { readContent } from '../read.ts';
import { decideSuggestions } from '../suggestions.ts';
import type { Deed } from './deeds.ts';
import { type Difference, differenceOf } from './difference.ts';

/** A log of several people, who see each other's edits at once. */
class Log {
  readonly deeds: Deed[] = [];
  readonly #people = new Map<string, Y.Doc>();

  by(author: string, edit: (document: Y.Doc) => void): this {
    const person = this.#person(author);
    person.transact(() => edit(person));
    return this;
  }

  state(version: number): Uint8Array | null {
    const document = new Y.Doc();
    for (const { data } of this.deeds.slice(0, version)) Y.applyUpdate(document, data);
    return version === 0 ? null : Y.encodeStateAsUpdate(document);
  }

  content(version: number): ContentNode {
    const document = new Y.Doc();
    for (const { data } of this.deeds.slice(0, version)) Y.applyUpdate(document, data);
    return readContent(document);
  }

  between(from: number, to = this.deeds.length): Difference {
    return differenceOf(this.state(from), this.deeds.slice(from, to), () => {});
  }

  #person(author: string): Y.Doc {
    const known = this.#people.get(author);
    if (known !== undefined) return known;
    const document = new Y.Doc();
    for (const { data } of this.deeds) Y.applyUpdate(document, data);
    document.on('update', (data: Uint8Array, _origin: unknown, _doc: unknown, transaction: Y.Transaction) => {
      if (!transaction.local) return;
      this.deeds.push({ author, at: 1_000 * this.deeds.length, data });
      for (const other of this.#people.values()) if (other !== document) Y.applyUpdate(other, data);
    });
    this.#people.set(author, document);
    return document;
  }
}

const text = (value: string, ...marks: string[]): ContentNode => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 ? { marks: marks.map((type) => ({ type })) } : {}),
});
const block = (type: string, ...content: ContentNode[]): ContentNode => ({ type, content });
const paragraph = (value: string) => block('paragraph', text(value));
const doc = (...content: ContentNode[]): ContentNode => ({ type: 'doc', content });
const makes = (content: ContentNode) => (document: Y.Doc) => replaceContent(document, content);

/** A difference as a line for each block: `+ada[…]`, `-bob[…]`, `~ada[…]`. */
function said({ content, contributions }: Difference): string[] {
  const signs: Record<string, string> = { insertion: '+', deletion: '-', modification: '~' };
  const inline = (node: ContentNode): string => {
    const what = node.text ?? (node.content ?? []).map(inline).join('');
    const mark = node.marks?.find(({ type }) => type in signs);
    const label = node.text === undefined && node.content === undefined ? node.type : what;
    const isBlock = node.content !== undefined;
    return mark === undefined || isBlock ? label : `${signs[mark.type]}${contributions[Number(mark.attrs?.id)]?.author}[${label}]`;
  };
  return (content.content ?? []).map((node) => `${node.type}: ${inline(node)}`);
}

describe('the difference of two versions', () => {
  it('knows who wrote, and who deleted', () => {
    const log = new Log()
      .by('ada', makes(doc(paragraph('Sow in March.'))))
      .by('bob', makes(doc(paragraph('Sow early in March.'))))
      .by('carl', makes(doc(paragraph('Sow early.'))));
    assert.deepEqual(said(log.between(1)), ['paragraph: Sow -carl[in March]+bob[early].']);
    assert.deepEqual(said(log.between(0)), ['paragraph: +ada[Sow ]+bob[early]+ada[.]']);
    assert.deepEqual(said(log.between(3)), ['paragraph: Sow early.']);
    const [, carl] = log.between(1).contributions;
    assert.deepEqual(carl, { author: 'carl', firstAt: 2_000, lastAt: 2_000, inserted: 0, deleted: 2, formatted: 0 });
  });

  it('leaves out what was written and deleted in between', () => {
    const log = new Log()
      .by('ada', makes(doc(paragraph('Sow.'))))
      .by('bob', makes(doc(paragraph('Sow nothing.'))))
      .by('ada', makes(doc(paragraph('Sow.'))));
    assert.deepEqual(said(log.between(1)), ['paragraph: Sow.']);
  });

  it('knows a paragraph that is split, joined or turned into another type', () => {
    const log = new Log()
      .by('ada', makes(doc(paragraph('Sow in March, water in May.'))))
      .by('bob', makes(doc(paragraph('Sow in March,'), paragraph(' water in May.'))))
      .by('carl', makes(doc(block('heading', text('Sow in March,')), paragraph(' water in May.'))))
      .by('dora', makes(doc(block('heading', text('Sow in March, water in May.')))));
    for (const version of [2, 3, 4])
      assert.doesNotMatch(said(log.between(1, version)).join('\n'), /[+-](?:bob|carl|dora)/, `version ${version}`);
    for (const line of said(log.between(0))) assert.match(line, /^heading: (?:\+ada\[[^\]]*\])+$/);
  });

  it('knows a block that is moved, and who changed it afterwards', () => {
    const blocks = [paragraph('First of all.'), paragraph('Then this.'), paragraph('Last of all.')];
    const log = new Log()
      .by('ada', makes(doc(...blocks)))
      .by('bob', (document) => {
        const root = document.getXmlFragment('default');
        root.delete(0, 1);
        const moved = new Y.XmlElement('paragraph');
        root.insert(2, [moved]);
        moved.insert(0, [new Y.XmlText('First of all.')]);
      })
      .by('carl', makes(doc(blocks[1]!, blocks[2]!, paragraph('First of all, again.'))));
    assert.deepEqual(said(log.between(1)), ['paragraph: Then this.', 'paragraph: Last of all.', 'paragraph: First of all+carl[, again].']);
  });

  it('knows other looks of text', () => {
    const log = new Log()
      .by('ada', makes(doc(block('paragraph', text('Sow in '), text('March', 'italic')))))
      .by('bob', makes(doc(block('paragraph', text('Sow in '), text('March', 'bold')))));
    assert.deepEqual(said(log.between(1)), ['paragraph: Sow in ~bob[March]']);
    const marks = log.between(1).content.content![0]!.content![1]!.marks!;
    const changes = marks.filter(({ type }) => type === 'modification').map(({ attrs }) => [attrs?.previousValue, attrs?.newValue]);
    assert.deepEqual(
      changes.sort(),
      [
        [null, { type: 'bold' }],
        [{ type: 'italic' }, null],
      ].sort(),
    );
  });

  it('shows leaves that came and went', () => {
    const rule: ContentNode = { type: 'horizontalRule' };
    const log = new Log()
      .by('ada', makes(doc(paragraph('One.'), rule)))
      .by('bob', makes(doc({ type: 'image', attrs: { src: 'https://example.org/a.png' } }, paragraph('One.'))));
    assert.deepEqual(said(log.between(1)), ['image: +bob[image]', 'paragraph: One.', 'horizontalRule: -bob[horizontalRule]']);
  });

  it('[H4] is what the script that wrote says, from any version to any other', (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const random = seeded(seed);
    const log = new Log().by('ada', makes(doc(paragraph('x'))));
    interface Letter {
      readonly letter: string;
      readonly by: string;
      readonly born: number;
      gone?: { readonly by: string; readonly at: number };
    }
    const letters: Letter[] = [{ letter: 'x', by: 'ada', born: 1 }];
    for (let version = 2; version <= 120; version++) {
      const by = ['ada', 'bob', 'carl'][Math.floor(random() * 3)]!;
      const there = letters.filter(({ gone }) => gone === undefined);
      const place = Math.floor(random() * (there.length + 1));
      const length = 1 + Math.floor(random() * 3);
      log.by(by, (document) => {
        const text = (document.getXmlFragment('default').get(0) as Y.XmlElement).get(0) as Y.XmlText;
        if (random() < 0.4 && place + length < there.length) {
          text.delete(place, length);
          for (const letter of there.slice(place, place + length)) letter.gone = { by, at: version };
        } else {
          const written = Array.from({ length }, (_, at) => String.fromCharCode(97 + ((version + at) % 26)));
          text.insert(place, written.join(''));
          const before = there[place - 1];
          letters.splice(
            before === undefined ? 0 : letters.indexOf(before) + 1,
            0,
            ...written.map((letter) => ({ letter, by, born: version })),
          );
        }
      });
    }
    for (let turn = 0; turn < 200; turn++) {
      const [from, to] = [Math.floor(random() * 121), Math.floor(random() * 121)].sort((one, other) => one - other) as [number, number];
      const { content, contributions } = log.between(from, to);
      const found: Record<'insertion' | 'deletion' | 'kept', string[]> = { insertion: [], deletion: [], kept: [] };
      for (const { text: said = '', marks = [] } of content.content?.[0]?.content ?? []) {
        const [mark] = marks;
        const kind = (mark?.type ?? 'kept') as 'insertion' | 'deletion' | 'kept';
        for (const letter of said)
          found[kind].push(mark === undefined ? letter : `${letter} ${contributions[Number(mark.attrs?.id)]?.author}`);
      }
      const isThere = ({ born, gone }: Letter, version: number) => born <= version && (gone === undefined || gone.at > version);
      const expected = {
        insertion: letters.filter((one) => !isThere(one, from) && isThere(one, to)).map(({ letter, by }) => `${letter} ${by}`),
        deletion: letters.filter((one) => isThere(one, from) && !isThere(one, to)).map(({ letter, gone }) => `${letter} ${gone!.by}`),
        kept: letters.filter((one) => isThere(one, from) && isThere(one, to)).map(({ letter }) => letter),
      };
      // Beside what was deleted, new text may stand on either side.
      for (const kind of ['insertion', 'deletion', 'kept'] as const)
        assert.deepEqual(found[kind].sort(), expected[kind].sort(), `${from}...${to}`);
    }
  });

  it('is the later version where all of it is accepted, whatever was written', (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const random = seeded(seed);
    const log = new Log();
    const authors = ['ada', 'bob', 'carl'];
    for (let at = 0; at < 12; at++) log.by(authors[at % 3]!, makes(randomContent(random)));
    for (let from = 0; from <= log.deeds.length; from += 3) {
      for (let to = from; to <= log.deeds.length; to += 2) {
        const accepted = decideSuggestions(log.between(from, to).content, 'accept');
        assert.deepEqual(plain(accepted), plain(log.content(to)), `${from}...${to}`);
      }
    }
  });
});

const byType = (one: ContentMark, other: ContentMark) => (one.type < other.type ? -1 : 1);

/** Without suggestions, which the difference has in the place of its own. */
function plain(node: ContentNode): ContentNode {
  const { marks, content, ...rest } = node;
  const left = (marks ?? []).filter(({ type }: ContentMark) => !['insertion', 'deletion', 'modification'].includes(type)).sort(byType);
  const children: ContentNode[] = [];
  for (const child of (content ?? []).map(plain)) {
    const last = children.at(-1);
    if (last?.text !== undefined && child.text !== undefined && JSON.stringify(last.marks) === JSON.stringify(child.marks))
      last.text += child.text;
    else children.push(child);
  }
  return { ...rest, ...(left.length > 0 ? { marks: left } : {}), ...(children.length > 0 ? { content: children } : {}) };
}
