import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { blockId, blocksOf, holdsText, textOf } from '../blocks.ts';
import { conform } from '../conform.ts';
import { toMarkdown } from '../formats/to-markdown.ts';
import { readContent, replaceContent } from '../live.ts';
import { type Random, randomContent, seeded } from '../random-content.ts';
import { makeEdit } from './make-edit.ts';
import type { Operation } from './operations.ts';

const ROUNDS = 120;
const [EDITOR, UNDO, AGAIN] = [4711, 4712, 4713] as const;

const markOf = (clientId: number) => ({ id: `edit ${clientId}`, clientId });

/** The log of a document, as a server keeps it, and the document, from which what was deleted is gone. */
class Log {
  readonly document = new Y.Doc();
  readonly updates: Uint8Array[] = [];

  constructor() {
    this.document.on('update', (update: Uint8Array) => this.updates.push(update));
  }

  /** Makes an edit, or takes the one of this client id back; under a client id of its own, as a thread does. */
  make(clientId: number, what: readonly Operation[] | { readonly undo: number }): void {
    const state = this.updates;
    const task =
      'undo' in what
        ? { undo: { ...markOf(what.undo), author: null }, state }
        : { operations: what, state: [Y.encodeStateAsUpdate(this.document)] };
    const { update } = makeEdit(task, markOf(clientId), () => {});
    if (update !== null) this.take(update);
  }

  copy(): Y.Doc {
    const away = new Y.Doc();
    Y.applyUpdate(away, Y.encodeStateAsUpdate(this.document));
    return away;
  }

  take(update: Uint8Array): void {
    Y.applyUpdate(this.document, update);
  }

  get markdown(): string {
    return toMarkdown(readContent(this.document)).trimEnd();
  }
}

/** What a document says. The order of marks says nothing: it depends on who wrote which first. */
function contentOf({ document }: Log): string {
  const bySpelling = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
  return JSON.stringify(readContent(document), (key, value) => (key === 'marks' ? [...value].sort(bySpelling) : value));
}

/** Operations that can be done, of every kind, as a seed has them. */
function randomOperations(document: Y.Doc, random: Random): Operation[] {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const blocks = [...blocksOf(document)].filter(({ nodeName }) => !/^(table|detailsSummary)/.test(nodeName));
  const outermost = document.getXmlFragment('default').toArray() as Y.XmlElement[];
  const worded = blocks.filter((block) => holdsText(block) && block.get(0) instanceof Y.XmlText && (block.get(0) as Y.XmlText).length > 1);
  const markdown = () =>
    pick(['new', '# new', '- one\n- two', '1. **bold**', '> quoted\n>\n> twice', '| a | b |\n| - | - |\n| c | d |', '- [ ] task']);
  const operations: Operation[] = [];
  const kind = Math.floor(random() * 6);
  if (kind === 0 && worded.length > 0) {
    const text = textOf(pick(worded));
    const from = Math.floor(random() * (text.length - 1));
    const quote = text.slice(from, from + 1 + Math.floor(random() * 5));
    operations.push({ op: 'replace', quote, with: pick(['', 'x', `${quote}!`, `a${quote}`]), all: true });
  } else if (kind === 1) operations.push({ op: 'insert', at: pick(['start', 'end']), markdown: markdown() });
  else if (kind === 2) operations.push({ op: 'insert', after: blockId(pick(outermost)), markdown: markdown() });
  else if (kind === 3) operations.push({ op: 'replaceBlock', block: blockId(pick(outermost)), markdown: markdown() });
  else if (kind === 4) operations.push({ op: 'moveBlock', block: blockId(pick(outermost)), at: pick(['start', 'end']) });
  else operations.push({ op: 'deleteBlock', block: blockId(pick(blocks)) });
  return operations;
}

/** Runs a property over random documents; a failure names the seed to try again with. */
function property(name: string, holds: (log: Log, random: Random) => void): void {
  it(name, () => {
    const base = Number(process.env.SEED ?? randomInt(2 ** 31));
    for (let seed = base; seed < base + ROUNDS; seed++) {
      try {
        const random = seeded(seed);
        const log = new Log();
        replaceContent(log.document, randomContent(random));
        holds(log, random);
      } catch (error) {
        if ((error as { code?: string }).code === 'edit-refused') continue;
        throw new Error(`SEED=${seed} fails`, { cause: error });
      }
    }
  });
}

describe('an edit of a random document', () => {
  property('[X8] leaves one that the schema allows, and is wholly taken back', (log, random) => {
    const before = contentOf(log);
    log.make(EDITOR, randomOperations(log.document, random));
    const after = readContent(log.document);
    const fitted = conform(after, (warning) => assert.fail(warning));
    if ((after.content ?? []).length > 0)
      assert.deepEqual(
        fitted,
        conform(fitted, () => {}),
      );
    if (log.updates.length === 1) return;
    log.make(UNDO, { undo: EDITOR });
    assert.equal(contentOf(log), before);
  });

  property('[X8] can be put back again: its undo is an edit like any other', (log, random) => {
    log.make(EDITOR, randomOperations(log.document, random));
    const after = contentOf(log);
    if (log.updates.length === 1) return;
    log.make(UNDO, { undo: EDITOR });
    log.make(AGAIN, { undo: UNDO });
    assert.equal(contentOf(log), after);
  });
});

describe('an edit that is taken back', () => {
  const begin = (markdown: string): Log => {
    const log = new Log();
    log.make(1, [{ op: 'insert', at: 'end', markdown }]);
    return log;
  };
  /** Somebody types at the end of the first block with this text. */
  const type = (log: Log, behind: string, words: string): void => {
    const ada = log.copy();
    const before = Y.encodeStateVector(ada);
    for (const block of blocksOf(ada)) {
      if (textOf(block) !== behind) continue;
      (block.get(0) as Y.XmlText).insert(behind.length, words);
      break;
    }
    log.take(Y.encodeStateAsUpdate(ada, before));
  };

  it('[X8] leaves what people have written since, around it and within it', () => {
    const log = begin('Sow early.\n\nWater.');
    log.make(EDITOR, [
      { op: 'replace', quote: 'early', with: 'late' },
      { op: 'insert', at: 'end', markdown: 'By the script.' },
    ]);
    type(log, 'Sow late.', ' Not too deep.');
    type(log, 'By the script.', 'By Ada.');
    assert.equal(log.markdown, 'Sow late. Not too deep.\n\nWater.\n\nBy the script.By Ada.');
    log.make(UNDO, { undo: EDITOR });
    assert.equal(log.markdown, 'Sow early. Not too deep.\n\nWater.\n\nBy Ada.');
  });

  it('[X8] brings back what it has deleted, also when the server has long forgotten it', () => {
    const log = begin('one\n\n**two**\n\nthree');
    const [, two] = [...blocksOf(log.document)];
    log.make(EDITOR, [{ op: 'deleteBlock', block: blockId(two!) }]);
    type(log, 'three', '!');
    assert.equal(log.markdown, 'one\n\nthree!');
    log.make(UNDO, { undo: EDITOR });
    assert.equal(log.markdown, 'one\n\n**two**\n\nthree!');
    assert.throws(() => log.make(AGAIN, { undo: EDITOR }), { code: 'edit-refused', message: /taken back already/ });
    log.make(AGAIN, { undo: UNDO });
    assert.equal(log.markdown, 'one\n\nthree!');
    log.make(5, { undo: EDITOR });
    assert.equal(log.markdown, 'one\n\n**two**\n\nthree!');
  });

  it('is refused when the log does not have it', () => {
    assert.throws(() => begin('a').make(UNDO, { undo: 42 }), { code: 'edit-refused' });
  });
});
