import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CONTESTANTS } from '../servers/contestants.ts';
import { ServerProcess } from '../servers/server-process.ts';
import { type, warmUp } from '../workloads/stretch.ts';
import { Crowd, documentNames } from './crowd.ts';
import { largeDocument } from './large-document.ts';
import { pace } from './pace.ts';

const asItIs = (command: readonly string[]) => command;
const UNPINNED = { pinned: false, forServer: asItIs, forAny: asItIs, keepGenerator: () => {} };

for (const id of ['inkwire-floor', 'relay']) {
  const contestant = CONTESTANTS.find((one) => one.id === id)!;

  describe(`a crowd at ${contestant.title}`, () => {
    let server: ServerProcess;
    before(async () => {
      server = await ServerProcess.start(contestant, { databaseUrl: '', cores: UNPINNED, profileDir: null, nodeFlags: [], pinned: false });
    });
    after(() => server.stop());

    it('counts every letter once for each of the others in its room', async () => {
      const crowd = await Crowd.gather(server.url, contestant.dialect, documentNames('text', 3), 4);
      const writers = crowd.people.slice(0, 6);
      await warmUp(server, crowd, writers, { perSecond: 50, seconds: 0.1 });
      await type(server, crowd, writers, { perSecond: 50, seconds: 0.2 });
      assert.deepEqual([crowd.text.arrived, crowd.text.expected], [6 * 10 * 3, 6 * 10 * 3]);
      assert.ok(crowd.text.within(1) < 10_000);
      assert.equal(crowd.acks.arrived, contestant.dialect.acknowledges ? 6 * 10 : 0);
      await crowd.close();
    });

    it('counts every caret once for each of the others', async () => {
      const crowd = await Crowd.gather(server.url, contestant.dialect, ['carets'], 10);
      for (const person of crowd.people) person.prepareCarets(5);
      // Far apart: a server may leave out a position that is out of date.
      await pace({ senders: 10, perSecond: 5, seconds: 1 }, (index) => crowd.people[index]!.move());
      await crowd.settled();
      assert.ok(crowd.carets.arrived <= 10 * 5 * 9 && crowd.carets.arrived > 10 * 9, `${crowd.carets.arrived}`);
      await crowd.close();
    });

    it('brings a document, which whoever joins later receives', async () => {
      const document = largeDocument(300_000);
      const crowd = await Crowd.gather(server.url, contestant.dialect, ['brought'], 1);
      await crowd.people[0]!.bring(document);
      const later = await Crowd.connect(server.url, contestant.dialect, ['brought'], 2);
      for (const person of later.people) assert.ok((await person.join()) >= document.length);
      await Promise.all([crowd, later].map((each) => each.close()));
    });
  });
}
