import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { seeded } from '../../document/random-content.ts';
import { mergeTexts } from './merge.ts';

describe('a merge', () => {
  for (const [what, file, base, document, expected, conflicts] of [
    ['takes what one has changed', 'a\nB\nc\n', 'a\nb\nc\n', 'a\nb\nc\n', 'a\nB\nc\n', 0],
    ['takes what the other has changed', 'a\nb\nc\n', 'a\nb\nc\n', 'a\nb\nC\n', 'a\nb\nC\n', 0],
    ['takes both, in different lines', 'A\nb\nc\n', 'a\nb\nc\n', 'a\nb\nC\n', 'A\nb\nC\n', 0],
    [
      'takes both, in different words of a line',
      'Sow late in May.\n',
      'Sow early in May.\n',
      'Sow early in June.\n',
      'Sow late in June.\n',
      0,
    ],
    ['takes the same once', 'A\n', 'a\n', 'A\n', 'A\n', 0],
    ['keeps both where both have written something else', 'x\n', 'a\n', 'y\n', 'x\ny\n', 1],
    ['keeps a line that one has changed and the other deleted', 'a\nB b b\nc\n', 'a\nb b b\nc\n', 'a\nc\n', 'a\nB b b\nc\n', 1],
    ['ends no line where none ends', 'a\nb', 'a\n', 'a\nc', 'a\nb\nc', 1],
  ] as const) {
    it(what, () => assert.deepEqual(mergeTexts(file, base, document), { text: expected, conflicts }));
  }

  it('[X11] loses no line that either has written, of random texts', (t) => {
    const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
    t.diagnostic(`SEED=${seed}`);
    const random = seeded(seed);
    const changed = (lines: readonly string[], who: string) =>
      lines.flatMap((line, at) => {
        const dice = random();
        if (dice < 0.15) return [];
        if (dice < 0.3) return [`${who} ${at}`];
        return dice < 0.45 ? [line, `${who} new ${at}`] : [line];
      });
    for (let round = 0; round < 500; round++) {
      const base = Array.from({ length: Math.floor(random() * 12) }, (_, at) => `line ${at}`);
      const [file, document] = [changed(base, 'file'), changed(base, 'document')];
      const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
      const { text: merged } = mergeTexts(text(file), text(base), text(document));
      const got = merged.split('\n');
      for (const line of [...file, ...document]) if (!base.includes(line)) assert.ok(got.includes(line), `${line} of round ${round}`);
    }
  });
});
