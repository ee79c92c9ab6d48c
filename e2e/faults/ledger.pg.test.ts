import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { until } from '../wait.ts';
import { FaultEnv } from './fault.ts';
import { Ledger } from './ledger.ts';

const DOCUMENT = 'plan';
const WORDS = 20;

/** Someone types while no commit comes through, the server is killed, and so is whoever typed. */
async function typeAndDie(t: TestContext, env: FaultEnv, isEnough: (ledger: Ledger) => boolean): Promise<Ledger> {
  const ledger = new Ledger(t);
  const typist = await ledger.hire(env.server, DOCUMENT, 'a');
  env.proxy.set({ kind: 'stall' });
  try {
    for (let word = 0; word < WORDS; word++) typist.type();
    await until('the edits have arrived', () => isEnough(ledger));
    await env.server.kill9();
    typist.leave();
  } finally {
    env.proxy.set({ kind: 'none' });
  }
  await env.server.start();
  return ledger;
}

describe('the checker', () => {
  let sound: FaultEnv;
  before(async () => {
    sound = await FaultEnv.start(seededRandom());
  });
  after(() => sound.dispose());

  it('[D1] fails a server without its ack gate, and passes one with it', async (t) => {
    const broken = await FaultEnv.start(seededRandom(), 'acknowledge-at-once');
    t.after(() => broken.dispose());
    const lossy = await typeAndDie(t, broken, ({ acknowledged }) => acknowledged === WORDS);
    await assert.rejects(lossy.check(broken), /\d+ of \d+ acknowledged words of "plan" are lost/);

    const safe = await typeAndDie(t, sound, () => sound.proxy.felt > 0);
    assert.equal(safe.acknowledged, 0);
    await safe.check(sound);
  });

  it('fails a word that is there twice', async (t) => {
    const ledger = new Ledger(t);
    const typist = await ledger.hire(sound.server, 'twice', 'a');
    typist.type();
    typist.client.text.insert(0, typist.acknowledgedWords[0] ?? '[a#0]');
    await assert.rejects(ledger.check(sound), /1 words of "twice" are there more than once/);
  });

  it('fails a client that shows something else', async (t) => {
    const ledger = new Ledger(t);
    const [typist] = [await ledger.hire(sound.server, 'apart', 'a'), await ledger.hire(sound.server, 'apart', 'b')];
    typist.type();
    await typist.client.allSaved();
    // As if it had come from the server: it is sent to nobody.
    typist.client.document.transact(() => typist.client.text.insert(0, 'mine'), typist.client.provider);
    await assert.rejects(ledger.check({ server: sound.server, patienceMs: 500 }), /in vain until all clients of "apart" show the same/);
  });
});
