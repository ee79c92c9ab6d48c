import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UploadTurns } from './upload-turns.ts';

const settled = () => new Promise<void>((done) => setImmediate(done));

describe('[L3] the turns of uploads', () => {
  /** Takes turns for users in order; says whose have come, and ends one of them. */
  function scene(limits: Partial<ConstructorParameters<typeof UploadTurns>[0]> = {}) {
    const turns = new UploadTurns({ atOnce: 4, atOncePerUser: 2, waiting: 100, ...limits });
    const running: { user: string; end: () => void }[] = [];
    return {
      running: () => running.map(({ user }) => user).join(''),
      take: async (users: string) => {
        for (const user of users) void turns.take(user).then((end) => running.push({ user, end }));
        await settled();
      },
      end: async (user: string) => {
        const at = running.findIndex((turn) => turn.user === user);
        const [turn] = running.splice(at, 1);
        turn!.end();
        // Safe to call twice.
        turn!.end();
        await settled();
      },
      turns,
    };
  }

  it('come at once while there is room, and in order then', async () => {
    const { take, running, end } = scene();
    await take('aabbcc');
    assert.equal(running(), 'aabb');
    await end('a');
    assert.equal(running(), 'abbc');
    await end('b');
    assert.equal(running(), 'abcc');
  });

  it('of one user wait for each other, and nobody else does for them', async () => {
    const { take, running, end } = scene();
    await take('aaaaaaaab');
    assert.equal(running(), 'aab');
    await take('c');
    assert.equal(running(), 'aabc');
    await end('a');
    assert.equal(running(), 'abca');
  });

  it('are refused when too many wait', async () => {
    const { take, turns, running, end } = scene({ waiting: 1 });
    await take('aaa');
    await assert.rejects(turns.take('a'), { code: 'overloaded' });
    await end('a');
    await take('a');
    assert.equal(running(), 'aa');
  });

  it('all come', async () => {
    const turns = new UploadTurns({ atOnce: 5, atOncePerUser: 3, waiting: 1_000 });
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 300 }, async (_, nth) => {
        const end = await turns.take(`user ${nth % 7}`);
        running += 1;
        most = Math.max(most, running);
        await settled();
        running -= 1;
        end();
      }),
    );
    assert.equal(most, 5);
  });
});
