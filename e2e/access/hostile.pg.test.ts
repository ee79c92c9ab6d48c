import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Attacker, type Ending, GRAFFITI } from './attacker.ts';
import { ATTACKS } from './attacks.ts';
import { Target } from './target.ts';

describe('[A1] [P1] [L2] [L3] while Ada and Bob write in the document', () => {
  let target: Target;
  before(async () => {
    target = await Target.start();
  });
  after(() => target.stop());

  for (const [what, ends, how] of ATTACKS) {
    it(`${what}: ${inWords(ends)}`, async () => {
      const eve = new Attacker(target.ground);
      try {
        assert.deepEqual(await target.whileTheyWrite(() => how(eve)), ends);
      } finally {
        eve.leave();
      }
      assert.deepEqual(target.honestCloses, [], 'nobody honest lost the socket');
      assert.deepEqual(target.adaAsSeen, { user: { id: 'Ada', name: 'Ada' }, cursor: target.adasCursor }, 'Ada is seen as she is');
    });
  }

  it('nothing of it stands in the document, nor a token in the log, and no key was fetched from where an attacker says', async () => {
    for (const { document } of [target.ada, target.bob]) {
      assert.equal(document.getText('wall').toString(), 'allowed');
    }
    const text = target.ada.text.toString();
    assert.match(text, /^[ab]+\.$/);
    assert.deepEqual([text.split('a').length - 1, text.split('b').length - 1], target.wordsWritten);
    assert.doesNotMatch(target.server.output, new RegExp(`eyJ|${GRAFFITI}|${target.ground.secret}`));
    assert.doesNotMatch(target.server.output, /^\s+at .*\.[jt]s:\d+/m, 'nobody can make it print traces');
    assert.equal(target.evilFetches, 0);
  });
});

function inWords(ending: Ending): string {
  if (ending === 'ignored') return 'nothing comes of it';
  if ('told' in ending) return `told ${ending.told}`;
  if ('closed' in ending) return `closed with ${ending.closed}`;
  if ('answered' in ending) return `answered with ${ending.answered}${ending.code === null ? '' : ` ${ending.code}`}`;
  return `edits ${ending.edits.map((taken) => (taken === 1 ? 'taken' : 'refused')).join(', then ')}`;
}
