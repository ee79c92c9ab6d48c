import { after, before, it } from 'node:test';
import { besidePeople } from './beside-people.ts';
import { ServerProcess } from './server-process.ts';

let server: ServerProcess;
before(async () => {
  server = await ServerProcess.start();
});
after(() => server?.dispose());

it('[X8] 200 edits and 50 imports land beside two who type, and nobody loses a word', () =>
  besidePeople(server, 'beside', { edits: 200, imports: 50 }));
