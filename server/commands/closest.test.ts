import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closest } from './closest.ts';

describe('what was probably meant', () => {
  const known = ['serve', 'migrate', 'export', 'import', 'help', 'database-url', 'data-dir'];
  const cases: [word: string, found: string | undefined][] = [
    ['serv', 'serve'],
    ['sevre', 'serve'],
    ['exprot', 'export'],
    ['inport', 'import'],
    ['mig', 'migrate'],
    ['databse-url', 'database-url'],
    ['data', 'data-dir'],
    ['frobnicate', undefined],
    ['x', undefined],
    ['', undefined],
  ];
  for (const [word, found] of cases) it(`"${word}" → ${found}`, () => assert.equal(closest(word, known), found));
});
