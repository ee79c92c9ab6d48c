import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanName, guestToken, initials, loadGuest, saveGuest } from './guest.ts';
import { peopleIn } from './people.ts';

function storage(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  return { getItem: (key: string) => values.get(key) ?? null, setItem: (key: string, value: string) => void values.set(key, value) };
}

describe('loadGuest', () => {
  it('makes a friendly name once and keeps it', () => {
    const kept = storage();
    const guest = loadGuest(
      kept,
      () => 'id-1',
      () => 0,
    );
    assert.deepEqual(guest, { id: 'id-1', name: 'Quiet Heron' });
    const again = loadGuest(
      kept,
      () => 'id-2',
      () => 0.99,
    );
    assert.deepEqual(again, guest);
  });

  it('keeps a chosen name', () => {
    const kept = storage();
    saveGuest(kept, { id: 'a', name: 'Ada' });
    assert.equal(loadGuest(kept, () => 'b', Math.random).name, 'Ada');
  });

  it('starts anew when what is stored is damaged, and lives without storage', () => {
    for (const damaged of ['{', 'null', '7', '{"id":"","name":"x"}', '{"id":"a","name":"  "}', '{"id":4,"name":"x"}']) {
      assert.equal(loadGuest(storage({ 'inkwire.guest': damaged }), () => 'fresh', Math.random).id, 'fresh', damaged);
    }
    const refusing = {
      getItem: () => {
        throw new Error('blocked');
      },
      setItem: () => {
        throw new Error('quota');
      },
    };
    assert.equal(loadGuest(refusing, () => 'fresh', Math.random).id, 'fresh');
  });
});

describe('names', () => {
  it('are one trimmed line of at most 40 characters', () => {
    assert.equal(cleanName('  Ada \n Lovelace\u0007 '), 'Ada Lovelace');
    assert.equal(cleanName('\u202eevil'), 'evil');
    assert.equal(cleanName(' \u200b '), null);
    assert.equal([...cleanName('👩‍👩‍👧'.repeat(40))!].length <= 40, true);
  });

  it('give one or two initials', () => {
    assert.equal(initials('Ada Lovelace'), 'AL');
    assert.equal(initials('ada'), 'A');
    assert.equal(initials('  '), '?');
    assert.equal(initials('مريم علي'), 'مع');
  });

  it('make a token that any name survives', () => {
    assert.equal(guestToken('Ada: the 1st'), 'guest:Ada%3A%20the%201st');
    assert.equal(guestToken('\ud800'), `guest:${encodeURIComponent('\ufffd')}`);
  });
});

describe('peopleIn', () => {
  const state = (user: unknown) => ({ user }) as Record<string, unknown>;

  it('[P1] lists each person once, self first, whatever the states hold', () => {
    const states = new Map<number, Record<string, unknown>>([
      [1, state({ id: 'b', name: 'Berta', color: '#112233' })],
      [2, state({ id: 'a', name: 'Ada', color: 'url(javascript:1)' })],
      [3, state({ id: 'b', name: 'Berta', color: '#112233' })],
      [4, state(null)],
      [5, state({ name: 7 })],
      [6, {}],
    ]);
    const people = peopleIn(states, 2);
    assert.deepEqual(
      people.map(({ id, name, self }) => [id, name, self]),
      [
        ['a', 'Ada', true],
        ['b', 'Berta', false],
        ['5', 'Guest', false],
      ],
    );
    assert.match(people[0]!.color, /^#[0-9a-f]{6}$/);
  });
});
