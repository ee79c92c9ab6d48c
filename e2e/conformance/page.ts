import type { Answer } from './answer.ts';
import type { CaseGroup } from './case.ts';
import { caseTables, failureList } from './tables.ts';

/** Whom the page is about. */
export interface Versions {
  readonly inkwire: string;
  readonly stock: string;
  readonly providers: readonly string[];
}

/** docs/conformance.md. */
export function conformancePage(groups: readonly CaseGroup[], answers: readonly Answer[], versions: Versions): string {
  return `# Conformance

What a Hocuspocus server does for its clients, one sentence each, asked of Inkwire ${versions.inkwire} and of stock Hocuspocus ${versions.stock} with
the real \`@hocuspocus/provider\` ${versions.providers.join(' and ')} and, where a provider cannot show it, frame by frame or byte by byte. This page is written by
\`npm run conformance -- --save\`; \`npm test\` asks the same.

## Ask your own server

\`\`\`sh
npm run conformance -- --url ws://127.0.0.1:8787/collab
npm run conformance -- --url wss://docs.example.com --token "$TOKEN" --provider 3
npm run conformance -- --only stateless
\`\`\`

It prints these tables for that server and ends with 0 when everything asked holds, with 1 when not. It opens documents named
\`conformance …\` and writes to them. Read-only scopes, refusals, renewed tokens and stateless answers need a server with known rules, so
these cases are "not asked" of another. The rules, for a server that follows them and \`--fixture\`:

- the token \`refuse\` is refused, \`read-only\` may read only, any other may write;
- after the token \`renew\` the server asks for a token again, applies it, and sends the stateless message \`token:\` and that token;
- after the token \`greet\` it sends the stateless message \`welcome\`;
- to the stateless message \`echo:x\` it answers \`x\` to the sender, to \`all:x\` it sends \`x\` to everyone in the document.

## What holds

✔ it holds, ✘ it does not, – this provider has no such thing. In brackets the version of the provider.

${caseTables(groups, answers)}

## What does not, and why

${failureList(answers, false)}

## Otherwise on purpose

- Inkwire acknowledges an edit when Postgres has committed it, Hocuspocus when it is in memory. Nothing else about acknowledgements differs:
  one for each edit, in order.
- An update that does not decode closes the socket with 4422; Hocuspocus acknowledges it and drops it. A frame that does not decode, text
  instead of binary, or a message type beyond the protocol closes it with 4400.
- Where Hocuspocus closes a document but leaves the socket open, Inkwire closes the socket: a provider whose document alone is closed stays
  "connected" and never asks again.
- Nobody is sent their own edits back. Presence in a room of eight or more is gathered for 30 ms.
`;
}
