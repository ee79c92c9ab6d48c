import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type TestDatabase, testDatabase } from '../persistence/testing.ts';
import { ERRORS } from '../protocol/errors.ts';
import { LivePath } from './live-path.ts';
import { until } from './wait.ts';
import { paragraphText, WriterClient } from './writer-client.ts';

const NAME = 'plan';

describe('a name that was deleted and is used again', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  it('[D12] does not get its old text back from a stock client that was offline meanwhile', async (t) => {
    const path = await LivePath.start(await database.createDatabase());
    t.after(() => path.stop());
    const offline = new WriterClient(path.collab, NAME);
    t.after(() => offline.close());
    await offline.synced();
    offline.text.insert(0, 'old text');
    await offline.allSaved();
    offline.socket.disconnect();
    await until('nobody is there', () => path.rooms.size === 0);
    offline.text.insert(0, 'written offline, ');

    await path.documents.delete(NAME);
    await path.documents.create(NAME, null, (document) => paragraphText(document).insert(0, 'new text'));
    const reader = new WriterClient(path.collab, NAME);
    t.after(() => reader.close());
    await reader.synced();

    const closes: number[] = [];
    offline.socket.on('close', ({ event }: { event: { code: number } }) => closes.push(event.code));
    void offline.socket.connect();
    await until('it is told', () => closes.includes(ERRORS['document-deleted'].close));
    assert.equal(offline.acks.settled, false, 'nothing of it is "Saved"');
    reader.text.insert(0, 'and more, ');
    await reader.allSaved();
    const text = () => path.rooms.get(NAME)?.read((document) => document.getXmlFragment('default').toString());
    assert.equal(text(), '<paragraph>and more, new text</paragraph>');
  });

  it('has one version from its first moment on, whoever looks at it while it is created', async (t) => {
    const path = await LivePath.start(await database.createDatabase());
    t.after(() => path.stop());
    const looker = new WriterClient(path.collab, NAME);
    t.after(() => looker.close());
    await looker.synced();
    const { version } = await path.documents.create(NAME, 'api', (document) => paragraphText(document).insert(0, 'made'));
    assert.equal(version, 1);
    await until('who looks sees it', () => looker.document.getXmlFragment('default').toString().includes('made'));
    assert.equal((await path.documents.state(NAME)).version, 1);
    const edited = await path.documents.edit(NAME, 'api', (document) => paragraphText(document).insert(0, 're'), 1);
    assert.equal(edited.version, 2);
    await path.documents.create('elsewhere', null, () => {});
    assert.equal((await path.documents.state('elsewhere')).version, 0);
  });
});
