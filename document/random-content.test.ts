import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { conform, toNode } from './conform.ts';
import type { ContentNode } from './content.ts';
import { fromJson } from './formats/from-json.ts';
import { fromMarkdown } from './formats/from-markdown.ts';
import { toHtmlFragment } from './formats/to-html.ts';
import { toMarkdown } from './formats/to-markdown.ts';
import { replaceContent, writeInitialContent } from './live.ts';
import { BLOCK_NAMES, INLINE_NAMES, MARK_NAMES, PART_NAMES } from './node-names.ts';
import { randomContent, seeded } from './random-content.ts';
import { readContent } from './read.ts';
import { schema } from './schema.ts';

const ROUNDS = 150;

/** Runs a property over random documents; a failure names the seed to try again with. */
function property(name: string, holds: (content: ReturnType<typeof randomContent>, seed: number) => void): void {
  it(name, () => {
    const base = Number(process.env.SEED ?? randomInt(2 ** 31));
    for (let seed = base; seed < base + ROUNDS; seed++) {
      try {
        holds(
          conform(randomContent(seeded(seed)), (warning) => assert.fail(`the generator made invalid content: ${warning}`)),
          seed,
        );
      } catch (error) {
        throw new Error(`SEED=${seed} fails`, { cause: error });
      }
    }
  });
}

describe('random documents', () => {
  it('have every node and every mark, so that each is taken through every property below', () => {
    const missing = new Set<string>([...BLOCK_NAMES, ...INLINE_NAMES, ...PART_NAMES, ...MARK_NAMES]);
    const visit = ({ type, marks = [], content = [] }: ContentNode) => {
      for (const name of [type, ...marks.map((mark) => mark.type)]) missing.delete(name);
      content.forEach(visit);
    };
    for (let seed = 0; seed < ROUNDS; seed++) visit(randomContent(seeded(seed)));
    assert.deepEqual([...missing], []);
  });

  property('are valid', (content) => {
    toNode(content);
  });

  property('are what conform leaves alone', (content) => {
    assert.deepEqual(
      conform(content, (warning) => assert.fail(warning)),
      content,
    );
  });

  property('come back from JSON exactly', (content) => {
    assert.deepEqual(fromJson(JSON.stringify(content)), content);
    assert.deepEqual(fromJson(JSON.stringify(toNode(content).toJSON())), content);
  });

  property('come back from a Y.Doc exactly', (content) => {
    const document = new Y.Doc();
    writeInitialContent(document, content);
    assert.ok(schema.nodeFromJSON(readContent(document)).eq(toNode(content)));
  });

  property('replace each other exactly', (content, seed) => {
    const document = new Y.Doc();
    writeInitialContent(document, randomContent(seeded(seed + 1)));
    replaceContent(document, content);
    assert.ok(schema.nodeFromJSON(readContent(document)).eq(toNode(content)));
  });

  property('[X3] are the same Markdown the second and the third time', (content) => {
    const first = toMarkdown(fromMarkdown(toMarkdown(content)).content);
    assert.equal(toMarkdown(fromMarkdown(first).content), first);
  });

  property('[X2] become HTML without script', (content) => {
    assert.doesNotMatch(toHtmlFragment(content), /<script|\son\w+=|(?:href|src)="\s*(?:javascript|vbscript):/i);
  });
});
