import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as Y from 'yjs';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { paragraphText, WriterClient } from './writer-client.ts';

/** Enough for many slices, for a commit of its own, and for a compaction. */
const ENTRIES = 30_000;
const LARGE_TEXT = 'People write together. '.repeat(60_000);

describe('heavy edits', () => {
  let server: ServerProcess;
  const people: WriterClient[] = [];
  before(async () => {
    server = await ServerProcess.start();
  });
  after(async () => {
    for (const person of people) person.close();
    await server.dispose();
  });

  async function enter(name: string, document?: Y.Doc): Promise<WriterClient> {
    const person = new WriterClient(server.collab, name, document);
    people.push(person);
    await person.synced();
    return person;
  }

  function setEntries(document: Y.Doc): void {
    document.transact(() => {
      for (let number = 0; number < ENTRIES; number++) document.getMap('entries').set(`key ${number}`, number);
    });
  }

  /** Everybody in a document has all of it, and so has who comes now. */
  async function untilEqual(name: string, clients: readonly WriterClient[]): Promise<void> {
    const newcomer = await enter(name);
    const said = ({ document }: WriterClient) =>
      JSON.stringify([paragraphText(document).toString(), Object.keys(document.getMap('entries').toJSON()).length]);
    let last: string[] = [];
    const areEqual = () => {
      last = [...clients, newcomer].map(said);
      return new Set(last).size === 1;
    };
    await until('everybody has the same', areEqual).catch(() =>
      assert.fail(`they differ: ${last.map((text) => text.slice(-60)).join(' | ')}`),
    );
    newcomer.close();
  }

  it('[L4] of several at once, in one document and beside others, are all acknowledged and reach everybody, also who comes meanwhile', async () => {
    const [ada, ben, eve] = [await enter('shared'), await enter('shared'), await enter('other')];
    ada.text.insert(0, 'Ada. ');
    // His own look at the text would make a paragraph.
    await until('Ben sees it', () => ben.document.getXmlFragment('default').toString().includes('Ada. '));
    setEntries(ada.document);
    ada.text.insert(0, 'And then: ');
    ben.text.insert(ben.text.length, LARGE_TEXT);
    setEntries(eve.document);
    const late = await enter('shared');
    for (let letter = 0; letter < 50; letter++) {
      ben.text.insert(ben.text.length, 'x');
      eve.text.insert(0, 'y');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([ada, ben, eve].map((person) => person.allSaved()));
    await untilEqual('shared', [ada, ben, late]);
    await untilEqual('other', [eve]);
    assert.equal(late.text.toString(), `And then: Ada. ${LARGE_TEXT}${'x'.repeat(50)}`);
  });

  it('[D1] [D4] kill -9 in the middle of one loses nothing that was acknowledged, and who wrote it brings it again', async () => {
    const ada = await enter('killed');
    ada.text.insert(0, 'before');
    await ada.allSaved();
    setEntries(ada.document);
    ada.text.insert(0, LARGE_TEXT);
    await server.kill9();
    const wasSaved = ada.acks.settled;
    await server.start();
    await ada.allSaved();
    await untilEqual('killed', [ada]);
    assert.equal(ada.text.toString(), `${LARGE_TEXT}before`);
    assert.equal(wasSaved, false);
  });

  it('[D4] [L4] what is stored of them is loaded in slices when the server comes back, and exported', async () => {
    const response = await fetch(`${server.url}/api/documents/shared/export?format=text`);
    assert.equal((await response.text()).trimEnd(), `And then: Ada. ${LARGE_TEXT}${'x'.repeat(50)}`.trimEnd());
    for (const person of people) person.close();
    await server.kill9();
    await server.start();
    const [again, exported] = await Promise.all([enter('shared'), fetch(`${server.url}/api/documents/shared/export?format=text`)]);
    assert.equal(again.text.toString().length, `And then: Ada. ${LARGE_TEXT}${'x'.repeat(50)}`.length);
    assert.equal(Object.keys(again.document.getMap('entries').toJSON()).length, ENTRIES);
    assert.equal((await exported.text()).trimEnd(), again.text.toString().trimEnd());
  });

  it('[L4] who comes back after many edits is sent what is missing, and what is written meanwhile', async () => {
    const ada = await enter('missed');
    ada.text.insert(0, LARGE_TEXT);
    await ada.allSaved();
    // As somebody has it who left then.
    const kept = new Y.Doc();
    Y.applyUpdate(kept, Y.encodeStateAsUpdate(ada.document));
    const missed = 12_000;
    ada.document.transact(() => {
      for (let number = 0; number < missed; number++) ada.document.getMap('more').set(`key ${number}`, number);
    });
    ada.text.delete(0, 6);
    await ada.allSaved();
    const back = new WriterClient(server.collab, 'missed', kept);
    people.push(back);
    while (!back.provider.isSynced) {
      ada.text.insert(ada.text.length, 'x');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await ada.allSaved();
    await until('who came back has it all', () => back.text.toString() === ada.text.toString());
    assert.equal(kept.getMap('more').size, missed);
    assert.deepEqual(Y.encodeStateVector(kept), Y.encodeStateVector(ada.document));
  });

  it('[L4] imports and replacements of many pages leave what others write', async () => {
    const pages = Array.from({ length: 2_000 }, (_, number) => `Paragraph ${number} of a page, as people write them.\n\n`).join('');
    const post = await fetch(`${server.url}/api/documents?name=book`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/markdown' },
      body: pages,
    });
    assert.equal(post.status, 201);
    const ada = await enter('book');
    const put = fetch(`${server.url}/api/documents/book/content`, {
      method: 'PUT',
      headers: { 'Content-Type': 'text/markdown' },
      body: `Replaced.\n\n${pages}`,
    });
    const fragment = ada.document.getXmlFragment('default');
    const last = (fragment.get(fragment.length - 1) as Y.XmlElement).get(0) as Y.XmlText;
    let isDone = false;
    const answered = put.finally(() => {
      isDone = true;
    });
    // What is there when the state is read is replaced; what comes after that stays.
    while (!isDone) {
      last.insert(last.length, 'z');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal((await answered).status, 200);
    await ada.allSaved();
    const exported = async () => (await fetch(`${server.url}/api/documents/book/export?format=text`)).text();
    const text = await exported();
    assert.match(text, /^Replaced\.\nParagraph 0 /);
    assert.ok(
      text.split('\n').some((line) => /^Paragraph 1999 .*them\.z+$/.test(line)),
      text.slice(-300),
    );
    assert.equal(text.split('\n').filter((line) => line.startsWith('Paragraph ')).length, 2_000);
    await until('Ada sees it', () => ada.text.toString() === 'Replaced.');
  });
});
