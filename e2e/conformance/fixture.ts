import type { Extension } from '@hocuspocus/server';

/**
 * What a server must do beside conforming so that the cases marked "needs the fixture server" can be
 * asked of it. Tokens: `refuse` is refused, `read-only` may only read, anything else may write; after
 * `renew` the server asks for a token once more, and after `greet` it sends the stateless message
 * `welcome`. To the stateless messages `echo:x` and `all:x` it answers `x`, to the sender or to
 * everyone in the document. A renewed token it applies, and then sends `token:` and that token.
 */
export function tokenRules(token: string): { readonly refused: boolean; readonly readOnly: boolean } {
  return { refused: token === 'refuse', readOnly: token === 'read-only' };
}

/** Who is let in, and to do what. */
export const entryRules: Extension = {
  onAuthenticate: async ({ token, connectionConfig }) => {
    const { refused, readOnly } = tokenRules(token);
    if (refused) throw new Error('refused');
    connectionConfig.readOnly = readOnly;
  },
};

/** The rules but for who is let in. */
export const fixtureExtension: Extension = {
  onAuthenticate: async ({ token }) => ({ token }),
  connected: async ({ connection, context }) => {
    if (context.token === 'renew') connection.requestToken();
    if (context.token === 'greet') connection.sendStateless('welcome');
  },
  onTokenSync: async ({ token, connection }) => {
    const { refused, readOnly } = tokenRules(token);
    if (refused) throw new Error('refused');
    connection.readOnly = readOnly;
    connection.sendStateless(`token:${token}`);
  },
  onStateless: async ({ payload, connection, document }) => {
    const [, what, text = ''] = /^(echo|all):(.*)$/.exec(payload) ?? [];
    if (what === 'echo') connection.sendStateless(text);
    if (what === 'all') document.broadcastStateless(text);
  },
};
