import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { HistoryScene, paragraph } from './history-scene.ts';
import { until } from './wait.ts';

describe('the way back to a version', { concurrency: true }, () => {
  let scene: HistoryScene;
  before(async () => {
    scene = await HistoryScene.open();
  });
  after(() => scene?.server.dispose());

  const ask: HistoryScene['ask'] = (path, init) => scene.ask(path, init);
  const create = (name: string, markdown: string) => scene.create(name, markdown);
  const writer = (t: TestContext, name: string, sub: string) => scene.writer(t, name, sub);

  it('[H2] a version is brought back beside two who type, whose words stay, and that is taken back again', async (t) => {
    await create('back', 'Sow in March.\n\nAda: \n\nBob: \n');
    const people = [await writer(t, 'back', 'ada'), await writer(t, 'back', 'bob')];
    const replaced = JSON.stringify({ operations: [{ op: 'replace', quote: 'March', with: 'June' }] });
    assert.equal((await ask('/back/edits', { method: 'POST', body: replaced })).status, 200);
    let working = true;
    const typed = [0, 0];
    const typing = people.map(async (person, at) => {
      while (working) {
        const text = paragraph(person.document, at + 1);
        text.insert(text.length, `${typed[at]!} `);
        typed[at]! += 1;
        await new Promise((later) => setTimeout(later, 5));
      }
    });
    await until('both have typed', () => typed.every((count) => count > 10));
    const said = async () => (await (await ask('/back/export?format=text')).text()).split('\n');
    const restored = await ask('/back/versions/1/restore', { method: 'POST', as: 'carl' });
    assert.equal(restored.status, 200, await restored.clone().text());
    const { id } = (await restored.json()) as { id: string };
    const before = [...typed];
    await until('both type on', () => typed.every((count, at) => count > before[at]! + 10));
    working = false;
    await Promise.all(typing);
    await Promise.all(people.map((person) => person.allSaved()));
    const [sow, ...lines] = await said();
    assert.equal(sow, 'Sow in March.');
    // What was typed since that version goes with it; what was typed after it was brought back is there.
    for (const [at, line] of lines.entries())
      assert.ok(line.endsWith(`${typed[at]! - 1}`) || line.trim().endsWith(String(typed[at]! - 1)), line);
    assert.equal((await ask(`/back/edits/${id}/undo`, { method: 'POST' })).status, 200);
    const undone = await said();
    assert.equal(undone[0], 'Sow in June.');
    for (const at of [0, 1]) for (let word = 0; word < typed[at]!; word++) assert.match(undone[at + 1]!, new RegExp(`\\b${word}\\b`));
    const authors = ((await (await ask('/back/authors')).json()) as { authors: { author: string }[] }).authors.map(({ author }) => author);
    assert.deepEqual(authors.sort(), ['ada', 'bob', 'carl']);
  });

  it('[H2] somebody who was away since before a version came back brings nothing of the old state but their own words', async (t) => {
    await create('away', 'Sow in March.\n\nNotes.\n');
    const away = await writer(t, 'away', 'ada');
    away.socket.disconnect();
    await until('they are away', () => !away.provider.isSynced || away.socket.status !== 'connected');
    const replaced = JSON.stringify({ operations: [{ op: 'replace', quote: 'March', with: 'June' }] });
    assert.equal((await ask('/away/edits', { method: 'POST', body: replaced })).status, 200);
    assert.equal((await ask('/away/versions/1/restore', { method: 'POST' })).status, 200);
    const notes = paragraph(away.document, 1);
    notes.insert(notes.length, ' Their own.');
    await away.socket.connect();
    await away.allSaved();
    assert.equal(await (await ask('/away/export?format=text')).text(), 'Sow in March.\nNotes. Their own.');
  });

  it('[H2] what one author did in a span is taken back, and what others wrote since stays, also within it', async (t) => {
    await create('span', 'One.\n\nTwo.\n');
    const edit = (as: string, ...operations: object[]) => ask('/span/edits', { method: 'POST', as, body: JSON.stringify({ operations }) });
    assert.equal((await edit('bob', { op: 'replace', quote: 'One', with: 'Eins' })).status, 200);
    assert.equal((await edit('ada', { op: 'insert', at: 'end', markdown: 'Three.' })).status, 200);
    assert.equal(
      (await edit('bob', { op: 'replace', quote: 'Two', with: 'Zwei' }, { op: 'insert', at: 'end', markdown: 'Vier.' })).status,
      200,
    );
    const ada = await writer(t, 'span', 'ada');
    paragraph(ada.document, 3).insert(5, ' Really.');
    await ada.allSaved();
    const said = async () => (await (await ask('/span/export?format=text')).text()).split('\n');
    assert.deepEqual(await said(), ['Eins.', 'Zwei.', 'Three.', 'Vier. Really.']);
    const undo = (span: string, body: object) => ask(`/span/versions/${span}/undo`, { method: 'POST', body: JSON.stringify(body) });
    const undone = await undo('1...4', { author: 'bob' });
    assert.equal(undone.status, 200, await undone.clone().text());
    // Nobody's words go with somebody else's paragraph.
    assert.deepEqual(await said(), ['One.', 'Two.', 'Three.', ' Really.']);
    const { id } = (await undone.json()) as { id: string };
    assert.equal((await ask(`/span/edits/${id}/undo`, { method: 'POST' })).status, 200);
    assert.deepEqual(await said(), ['Eins.', 'Zwei.', 'Three.', 'Vier. Really.']);
    for (const [span, body, status] of [
      ['2...1', {}, 400],
      ['3', {}, 400],
      ['1...99', {}, 404],
      ['2...3', { author: 'bob' }, 422],
      // Put in again, which is what can be taken back.
      ['1...2', {}, 422],
      ['1...2', { author: 5 }, 400],
    ] as const)
      assert.equal((await undo(span, body)).status, status, span);
  });

  it('[H2] what is taken back already does not come twice', async () => {
    await create('twice', 'One.\n');
    const edit = (...operations: object[]) => ask('/twice/edits', { method: 'POST', body: JSON.stringify({ operations }) });
    const first = (await (await edit({ op: 'replace', quote: 'One', with: 'Eins' })).json()) as { id: string };
    await edit({ op: 'insert', at: 'end', markdown: 'Two.' });
    await edit({ op: 'replace', quote: 'Two', with: 'Zwei' });
    const said = async () => (await (await ask('/twice/export?format=text')).text()).split('\n');
    const undo = (path: string) => ask(`/twice/${path}/undo`, { method: 'POST', body: '{}' });
    assert.equal((await undo(`edits/${first.id}`)).status, 200);
    assert.deepEqual(await said(), ['One.', 'Zwei.']);
    assert.equal((await undo('versions/1...2')).status, 422);
    // Of the two in the span one is taken back already.
    assert.equal((await undo('versions/1...4')).status, 200);
    assert.deepEqual(await said(), ['One.']);
    assert.equal((await undo('versions/1...4')).status, 422);
    assert.equal((await undo('versions/2...3')).status, 422);
    assert.equal((await undo(`edits/${first.id}`)).status, 422);
    assert.deepEqual(await said(), ['One.']);
  });

  it('[H2] an import is taken back, beside what was written since', async (t) => {
    await create('imported', 'Old.\n');
    const put = await ask('/imported/content', { method: 'PUT', body: 'New.\n\nNewer.\n', headers: { 'Content-Type': 'text/markdown' } });
    assert.equal(put.status, 200, await put.text());
    const ada = await writer(t, 'imported', 'ada');
    paragraph(ada.document).insert(0, 'Brand ');
    await ada.allSaved();
    const undone = await ask('/imported/versions/1...2/undo', { method: 'POST', body: '{}' });
    assert.equal(undone.status, 200, await undone.clone().text());
    assert.equal((await ask('/imported/versions/2/restore', { method: 'POST', body: '{}' })).status, 200);
    const { versions } = (await (await ask('/imported/versions')).json()) as {
      versions: { edits: { version: number; kind: string; author: string }[] }[];
    };
    assert.deepEqual(
      versions[0]!.edits.map(({ version, kind, author }) => [version, kind, author]),
      [
        [2, 'import', 'ada'],
        [4, 'undo', 'ada'],
        [5, 'restore', 'ada'],
      ],
    );
    const said = await (await ask('/imported/versions/4?format=text')).text();
    assert.match(said, /Old/);
    assert.match(said, /Brand/);
    assert.doesNotMatch(said, /New/);
  });
});
