import type { AccessPatterns } from '../../protocol/identity.ts';
import { isRole, ROLES, type Role } from '../../protocol/role.ts';
import { fromEnvironment, readConfig } from '../config.ts';
import { type Command, CommandError, configOptions, givenConfig, UsageError } from './command.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `30m`, `12h`, `7d` in seconds. */
function seconds(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const factor = UNIT_SECONDS[unit];
  if (factor === undefined || Number(amount) === 0) throw new UsageError(`"${text}" is no time: write 30m, 12h or 7d.`);
  return Number(amount) * factor;
}

/** `team/*=edit` and its like. A name may hold a "=", a role cannot. */
function patterns(given: readonly string[]): AccessPatterns {
  const entries = given.map((text): [string, Role] => {
    const at = text.lastIndexOf('=');
    const role = text.slice(at + 1);
    if (at < 1) throw new UsageError(`"${text}" gives no role: write --access 'team/*=edit'.`);
    if (!isRole(role)) throw new UsageError(`"${role}" is no role. Roles are ${ROLES.join(', ')}.`);
    return [text.slice(0, at), role];
  });
  return Object.fromEntries(entries);
}

function required(value: string | true | undefined, usage: string): string {
  if (typeof value !== 'string' || value === '') throw new UsageError(`"token" needs ${usage}.`);
  return value;
}

export const tokenCommand: Command = {
  name: 'token',
  summary: 'make a token: who somebody is, and what they may do',
  operands: [],
  options: [
    { flag: 'sub', value: 'TEXT', help: 'who it is for; the log names them so' },
    { flag: 'name', value: 'TEXT', help: 'what others see; the same as --sub without it' },
    {
      flag: 'access',
      value: 'PATTERN=ROLE',
      repeats: true,
      help: `a document, all under a prefix ('team/*') or all ('*'), and the role there: ${ROLES.join(', ')}; may be repeated, the longest pattern wins`,
    },
    { flag: 'expires', value: 'TIME', default: '1h', help: 'how long it is good: 30m, 12h, 7d' },
    ...configOptions(['secret', 'issuer', 'audience']),
  ],
  more: 'Prints the token, and on standard error when it ends. Whoever holds it is let in, so send it as you would a password. No server need run.',
  async run({ options, lists, env, io }) {
    const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
    const sub = required(options.sub, "--sub: who is it for? For example --sub ada --access 'team/*=edit'");
    const access = patterns(lists.access ?? []);
    if (Object.keys(access).length === 0)
      throw new UsageError(`"token" needs --access: what may ${sub} do? For example --access 'team/*=edit'.`);
    const claims = {
      sub,
      name: typeof options.name === 'string' ? options.name : sub,
      access,
      expiresInSeconds: seconds(typeof options.expires === 'string' ? options.expires : '1h'),
    };
    if (config.secret === '') throw new CommandError('INKWIRE_SECRET is not set. Set it to the secret the server was started with.');
    // Loaded on use: help need not wait for the cryptography.
    const { Tokens } = await import('../access/tokens.ts');
    const { token, tokenId, expiresAt } = await new Tokens({ ...config, jwksUrl: '' }, Date.now).mint(claims).catch((error: unknown) => {
      throw new CommandError(`No token was made. ${(error as Error).message}`);
    });
    await io.write(`${token}\n`);
    await io.tell(`Good until ${new Date(expiresAt).toISOString()}; its id, to revoke it by, is ${tokenId}.`);
    return 0;
  },
};
