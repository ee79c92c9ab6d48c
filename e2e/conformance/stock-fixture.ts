import { Server } from '@hocuspocus/server';
import { entryRules, fixtureExtension } from './fixture.ts';

// Stock Hocuspocus with the rules of `fixture.ts`, as a process of its own: a rejection in a hook would end this one.
const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: false,
  extensions: [entryRules, fixtureExtension],
});
await server.listen();
process.stdout.write(`ws://127.0.0.1:${server.address.port}\n`);
// Its parent holds the other end; when that is gone, whichever way, so is this.
process.stdin.on('end', () => process.exit()).resume();
