import { after, before, it } from 'node:test';
import { besidePeople } from './beside-people.ts';
import { ServerProcess } from './server-process.ts';

let server: ServerProcess;
before(async () => {
  server = await ServerProcess.start();
});
after(() => server?.dispose());

it('[X8] 30 edits and 6 imports land beside two who type, and nobody loses a word', () =>
  besidePeople(server, 'beside', { edits: 30, imports: 6 }));
