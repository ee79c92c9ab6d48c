import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runCli } from '../cli.ts';
import { memoryAccess } from '../http/testing/memory-access.ts';
import { listening, testApp } from '../http/testing.ts';
import { memoryIo } from './testing.ts';

describe('the commands that ask a server for which one needs a token', () => {
  const access = memoryAccess();
  let server: Awaited<ReturnType<typeof listening>>;
  before(async () => {
    server = await listening(testApp({ access }).app);
  });
  after(() => server.stop());

  async function inkwire(argv: string[], token?: string) {
    const io = memoryIo('hello');
    const env = { INKWIRE_URL: server.url, ...(token === undefined ? {} : { INKWIRE_TOKEN: token }) };
    const code = await runCli(argv, env, io, () => Promise.reject(new Error('no server is started here.')));
    return { code, output: io.output(), told: io.told() };
  }

  it('send INKWIRE_TOKEN', async () => {
    const token = access.tokenFor('ann', { 'team/*': 'edit' });
    const imported = await inkwire(['import', '-', '--name', 'team/plan'], ` ${token}\n`);
    assert.deepEqual(imported, { code: 0, output: `${server.url}/d/team%2Fplan\n`, told: '' });
    assert.equal((await inkwire(['export', 'team/plan'], token)).output, 'hello');
  });

  for (const [what, token] of [
    ['no token', undefined],
    ['a token that is not good', 'guessed-by-somebody'],
  ] as const) {
    it(`say what to set when there is ${what}, and never what it is`, async () => {
      for (const argv of [
        ['export', 'team/plan'],
        ['import', '-'],
      ]) {
        const { code, output, told } = await inkwire(argv, token);
        assert.deepEqual({ code, output }, { code: 1, output: '' });
        assert.match(told, /Set INKWIRE_TOKEN to a good one.*"inkwire token"\. Nothing was changed\.\n$/);
        assert.doesNotMatch(told, /guessed-by-somebody/);
      }
    });
  }

  it('say what role it takes, when it is the role that is missing', async () => {
    const { code, told } = await inkwire(['import', '-', '--name', 'team/plan'], access.tokenFor('eve', { '*': 'view' }));
    assert.equal(code, 1);
    assert.match(told, /This takes the role "edit" on the document\. Nothing was changed\.\n$/);
    assert.doesNotMatch(told, /INKWIRE_TOKEN/);
  });

  it('send none that no header can hold, and do not show it', async () => {
    const { code, told } = await inkwire(['export', 'team/plan'], 'secret\nSecond: line');
    assert.equal(code, 1);
    assert.match(told, /^INKWIRE_TOKEN holds characters that no token has/);
    assert.doesNotMatch(told, /secret|Second/);
  });

  it('take it from no argument', async () => {
    assert.equal((await inkwire(['export', 'team/plan', '--token', 'x'])).code, 2);
  });
});
