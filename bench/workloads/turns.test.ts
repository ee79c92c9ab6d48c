import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Stages, Turn } from './stages.ts';
import { takeTurns, turnOrder } from './turns.ts';

describe('turns', () => {
  it('begin with another server each time', () => {
    const orders = [0, 1, 2, 3, 4, 5].map((number) => turnOrder(['a', 'b', 'c'], number).join(''));
    assert.deepEqual(orders, ['abc', 'bac', 'cab', 'acb', 'bca', 'cba']);
  });

  it('let nobody always follow the same server', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const before = new Map(ids.map((id) => [id, new Set<string>()]));
    const sequence = Array.from({ length: 8 }, (_, number) => turnOrder(ids, number)).flat();
    for (const [at, id] of sequence.entries()) if (at > 0) before.get(id)!.add(sequence[at - 1]!);
    for (const [id, others] of before) assert.ok(others.size > 1, `${id} after ${[...others]}`);
  });

  it('are of one server and of none', () => {
    assert.deepEqual(turnOrder(['a'], 3), ['a']);
    assert.deepEqual(turnOrder([], 1), []);
  });

  it('pair the outcomes by their number, whatever the order', async () => {
    const events: string[] = [];
    const server = (id: string, factor: number): [string, Stages] => [
      id,
      {
        turn: async ({ number, count }: Turn) => ({ figures: { work: factor * (number + 1) + count }, generatorShare: 0 }),
        finish: async () => {},
      },
    ];
    const outcomes = await takeTurns(new Map([server('a', 1), server('b', 10)]), {
      count: 2,
      onTurn: (id, number) => events.push(`${id}${number}`),
      rest: async (id) => void events.push(`${id} rests`),
    });
    assert.deepEqual(
      [...outcomes].map(([id, turns]) => [id, turns.map(({ figures }) => figures.work)]),
      [
        ['a', [3, 4]],
        ['b', [12, 22]],
      ],
    );
    assert.deepEqual(events, ['a0', 'a rests', 'b0', 'b rests', 'b1', 'b rests', 'a1', 'a rests']);
  });
});
