import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { newSecret, tokenOptions } from '../access/testing.ts';
import { Tokens } from '../access/tokens.ts';
import { runCli } from '../cli.ts';
import { memoryIo } from './testing.ts';

const secret = newSecret();

async function token(argv: string[], env: Record<string, string> = { INKWIRE_SECRET: secret }) {
  const io = memoryIo();
  const code = await runCli(['token', ...argv], env, io, () => Promise.reject(new Error('no server is started here.')));
  return { code, output: io.output(), told: io.told() };
}

describe('inkwire token', () => {
  it('prints a token that the server takes, and nothing else', async () => {
    const argv = ['--sub', 'ada', '--name', 'Ada L', '--access', 'team/*=edit', '--access', 'a=b=view', '--expires', '30m'];
    const { code, output, told } = await token(argv);
    assert.equal(code, 0);
    assert.match(output, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const identity = await new Tokens(tokenOptions({ secret }), Date.now).verify(output.trim());
    assert.deepEqual([identity.sub, identity.name, identity.access], ['ada', 'Ada L', { 'team/*': 'edit', 'a=b': 'view' }]);
    assert.equal(identity.expiresAt! - identity.issuedAt!, 30 * 60_000);
    assert.equal(told, `Good until ${new Date(identity.expiresAt!).toISOString()}; its id, to revoke it by, is ${identity.tokenId}.\n`);
  });

  it('is good for an hour, and under the name of sub, unless told otherwise', async () => {
    const { output } = await token(['--sub', 'ada', '--access', '*=admin']);
    const { name, iat, exp } = decodeJwt(output.trim());
    assert.equal(name, 'ada');
    assert.ok(Math.abs(exp! - iat! - 3600) < 0.001);
  });

  it('signs with the first of several secrets, for the issuer and audience of the server', async () => {
    const env = { INKWIRE_SECRET: `${secret},${newSecret()}`, INKWIRE_ISSUER: 'https://app' };
    const { output } = await token(['--sub', 'ada', '--access', '*=view', '--audience', 'inkwire'], env);
    const tokens = new Tokens(tokenOptions({ secret, issuer: 'https://app', audience: 'inkwire' }), Date.now);
    assert.equal((await tokens.verify(output.trim())).sub, 'ada');
  });

  const refused: [argv: string[], code: number, sentence: RegExp, env?: Record<string, string>][] = [
    [['--access', '*=view'], 2, /needs --sub/],
    [['--sub', 'ada'], 2, /needs --access: what may ada do\?/],
    [['--sub', 'ada', '--access', 'team/*'], 2, /"team\/\*" gives no role/],
    [['--sub', 'ada', '--access', '=edit'], 2, /"=edit" gives no role/],
    [['--sub', 'ada', '--access', '*=owner'], 2, /"owner" is no role\. Roles are view, comment/],
    [['--sub', 'ada', '--access', '*=view', '--expires', '1w'], 2, /"1w" is no time: write 30m, 12h or 7d/],
    [['--sub', 'ada', '--access', '*=view', '--expires', '0h'], 2, /"0h" is no time/],
    [['--sub', 'ada', '--access', '*=view', '--secret', secret], 2, /has no option --secret/],
    [['--sub', 'ada', '--access', '*=view', '--expires', '400d'], 1, /No token was made\. It lives longer than 366 days/],
    [['--sub', 'a\nb', '--access', '*=view'], 1, /No token was made\. Its claim "sub"/],
    [['--sub', 'ada', '--access', '*=view'], 1, /INKWIRE_SECRET is not set/, {}],
    [
      ['--sub', 'ada', '--access', '*=view'],
      2,
      /^INKWIRE_SECRET holds a secret of less than 32 bytes.*randomBytes\(32\)/,
      { INKWIRE_SECRET: 'short' },
    ],
  ];
  for (const [argv, code, sentence, env] of refused) {
    it(`answers "${argv.join(' ').replace(secret, '…')}" with one sentence and exit code ${code}`, async () => {
      const answer = await token(argv, env);
      assert.deepEqual([answer.code, answer.output], [code, '']);
      assert.match(answer.told, sentence);
      assert.ok(!answer.told.includes(secret) && !answer.told.includes('short '), answer.told);
    });
  }
});
