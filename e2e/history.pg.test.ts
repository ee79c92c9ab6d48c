import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { unzipSync } from 'fflate';
import type * as Y from 'yjs';
import { runCli } from '../server/cli.ts';
import { SECRET, tokenOf } from './browser/tokens.ts';
import { seededRandom } from './seeded-random.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

interface Version {
  readonly version: number;
  readonly from: number;
  readonly authors: readonly { readonly author: string | null; readonly edits: number }[];
}

/** The document part of a Word file. */
async function importedWord(file: Uint8Array): Promise<string> {
  return new TextDecoder().decode(unzipSync(file)['word/document.xml']);
}

describe('the history of a document', { concurrency: true }, () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start({ INKWIRE_SECRET: SECRET });
  });
  after(() => server?.dispose());

  const tokenFor = (sub: string, role = 'admin') => tokenOf({ sub, name: sub, access: { '*': role as 'admin' } });
  const ask = async (path: string, { as = 'ada', ...init }: RequestInit & { as?: string } = {}) =>
    fetch(`${server.url}/api/documents${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${await tokenFor(as)}`, 'Content-Type': 'application/json', ...init.headers },
    });
  const create = async (name: string, markdown: string) => {
    const made = await ask('', { method: 'POST', body: JSON.stringify({ name, markdown }) });
    assert.equal(made.status, 201, await made.text());
  };
  const writer = async (t: TestContext, name: string, sub: string) => {
    const client = new WriterClient(server.collab, name, undefined, await tokenFor(sub));
    t.after(() => client.close());
    await client.synced();
    return client;
  };
  const textAt = async (name: string, version: number | string, query = '') => {
    const response = await ask(`/${name}/versions/${version}?format=text${query}`);
    assert.equal(response.status, 200, await response.clone().text());
    return response.text();
  };
  const paragraph = (document: Y.Doc, at = 0) => (document.getXmlFragment('default').get(at) as Y.XmlElement).get(0) as Y.XmlText;

  it('[H1] any version is what was on the screen when it was committed, and its authors are those of the tokens', async (t) => {
    await create('screens', 'x\n');
    const people = [await writer(t, 'screens', 'ada'), await writer(t, 'screens', 'bob')];
    const seeded = seededRandom();
    t.diagnostic(`seed ${seeded.seed}`);
    const random = () => seeded.next();
    const screens = new Map<number, string>();
    const written: Record<string, number> = { ada: 1, bob: 0 };
    for (let at = 0; at < 40; at++) {
      const which = random() < 0.5 ? 0 : 1;
      const person = people[which]!;
      const text = paragraph(person.document);
      if (random() < 0.25 && text.length > 2) text.delete(Math.floor(random() * (text.length - 1)), 1);
      else text.insert(Math.floor(random() * (text.length + 1)), 'abcdefgh'[Math.floor(random() * 8)]!);
      await person.allSaved();
      written[which === 0 ? 'ada' : 'bob']! += 1;
      const version = ((await (await ask('/screens')).json()) as { version: number }).version;
      screens.set(version, text.toString());
      await until('the other sees it', () => paragraph(people[1 - which]!.document).toString() === text.toString());
    }
    for (const [version, screen] of screens) assert.equal(await textAt('screens', version), screen, `version ${version}`);
    const { versions, next } = (await (await ask('/screens/versions')).json()) as { versions: Version[]; next: null };
    assert.deepEqual([versions.length, versions[0]!.from, versions[0]!.version, next], [1, 1, 41, null]);
    assert.deepEqual(Object.fromEntries(versions[0]!.authors.map(({ author, edits }) => [author, edits])), written);
    const { authors } = (await (await ask('/screens/authors')).json()) as { authors: { author: string; edits: number }[] };
    assert.deepEqual(Object.fromEntries(authors.map(({ author, edits }) => [author, edits])), written);
  });

  it('[H1] a moment has the last version before it, and two versions have a difference', async () => {
    await create('moments', 'one\n');
    const between = new Date(Date.now() + 50).toISOString();
    await new Promise((later) => setTimeout(later, 100));
    const operations = [{ op: 'insert', at: 'end', markdown: 'two' }];
    assert.equal((await ask('/moments/edits', { method: 'POST', body: JSON.stringify({ operations }) })).status, 200);
    assert.equal(await textAt('moments', 'at', `&at=${encodeURIComponent(between)}`), 'one');
    assert.equal(await textAt('moments', 'at', `&at=${encodeURIComponent(new Date().toISOString())}`), 'one\ntwo');
    const difference = await ask('/moments/versions/1...2');
    const { changes } = (await difference.json()) as { changes: { kind: string; after: string }[] };
    assert.deepEqual(
      changes.map(({ kind, after }) => [kind, after]),
      [['inserted', 'two']],
    );
    const word = await ask('/moments/versions/1?format=docx');
    assert.equal(word.headers.get('inkwire-version'), '1');
    for (const [path, status, code] of [
      ['99', 404, 'version-not-found'],
      ['0', 404, 'version-not-found'],
      ['at?at=2001-01-01T00:00:00Z', 404, 'version-not-found'],
      ['at', 400, 'bad-request'],
      ['nonsense', 400, 'bad-request'],
      ['1?format=docm', 406, 'unknown-format'],
    ] as const) {
      const refused = await ask(`/moments/versions/${path}`);
      assert.equal(refused.status, status, path);
      assert.equal(((await refused.json()) as { code: string }).code, code);
    }
  });

  it('[H4] a difference names who wrote and who deleted, as JSON and in files', async (t) => {
    await create('named-words', 'Sow in March.\n\n- peas\n- beans\n');
    const edit = (as: string, ...operations: object[]) =>
      ask('/named-words/edits', { method: 'POST', as, body: JSON.stringify({ operations }) });
    assert.equal((await edit('bob', { op: 'replace', quote: 'March', with: 'June' })).status, 200);
    const carl = await writer(t, 'named-words', 'carl');
    paragraph(carl.document).insert(0, 'Do not. ');
    await carl.allSaved();
    assert.equal((await edit('dora', { op: 'insert', at: 'end', markdown: '---\n\nThe end.' })).status, 200);
    const response = await ask('/named-words/versions/1...4');
    assert.equal(response.headers.get('content-type'), 'application/json');
    const { content, contributions, changes } = (await response.json()) as {
      content: { content: { type: string; content: { text: string; marks?: { type: string; attrs: { id: number } }[] }[] }[] };
      contributions: { author: string; inserted: number; deleted: number }[];
      changes: { kind: string }[];
    };
    const said = content.content[0]!.content.map(({ text, marks: [mark] = [] }) =>
      mark === undefined ? text : [mark.type, contributions[mark.attrs.id]!.author, text],
    );
    assert.deepEqual(said, [['insertion', 'carl', 'Do not. '], 'Sow in ', ['deletion', 'bob', 'March'], ['insertion', 'bob', 'June'], '.']);
    assert.deepEqual(
      contributions.map(({ author, inserted, deleted }) => [author, inserted, deleted]),
      [
        ['bob', 1, 1],
        ['carl', 2, 0],
        ['dora', 2, 0],
      ],
    );
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ['changed', 'inserted', 'inserted'],
    );
    const word = await importedWord(new Uint8Array(await (await ask('/named-words/versions/1...4?format=docx')).arrayBuffer()));
    assert.match(word, /<w:ins [^>]*w:author="carl"/);
    assert.match(word, /<w:del [^>]*w:author="bob"/);
    for (const format of ['markdown', 'html', 'odt', 'epub', 'latex', 'pdf', 'json']) {
      const file = await ask(`/named-words/versions/1...4?format=${format}`);
      assert.equal(file.status, 200, `${format}: ${await file.clone().text()}`);
    }
    assert.match(await (await ask('/named-words/versions/1...4?format=markdown')).text(), /<ins[^>]*>June<\/ins>/);
    assert.equal((await ask('/named-words/versions/1...4?format=yjs')).status, 400);
    assert.equal((await ask('/named-words/versions/4...1?format=html')).status, 400);
    const back = (await (await ask('/named-words/versions/4...1')).json()) as { content: null; changes: object[] };
    assert.deepEqual([back.content, back.changes.length], [null, 3]);
  });

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
    const said = await (await ask('/imported/export?format=text')).text();
    assert.match(said, /Old/);
    assert.match(said, /Brand/);
    assert.doesNotMatch(said, /New/);
  });

  it('has names for its versions, which go with the document', async () => {
    await create('named', 'a\n');
    const name = (body: object, as?: string) =>
      ask('/named/versions', { method: 'POST', body: JSON.stringify(body), ...(as === undefined ? {} : { as }) });
    const first = await name({ name: ' Sent to the printer ' }, 'carl');
    assert.equal(first.status, 201, await first.clone().text());
    const { id, namedAt, ...named } = (await first.json()) as { id: string; namedAt: string };
    assert.deepEqual(named, { version: 1, name: 'Sent to the printer', namedBy: 'carl' });
    assert.ok(Math.abs(Date.parse(namedAt) - Date.now()) < 60_000);
    assert.equal((await name({ name: 'x', version: 2 })).status, 404);
    assert.equal((await name({ name: '  ' })).status, 400);
    const names = async () => {
      const { versions } = (await (await ask('/named/versions')).json()) as { versions: { names: { name: string }[] }[] };
      return versions.flatMap((version) => version.names.map((one) => one.name));
    };
    assert.deepEqual(await names(), ['Sent to the printer']);
    assert.equal((await ask(`/named/version-names/${id}`, { method: 'DELETE' })).status, 204);
    assert.equal((await ask(`/named/version-names/${id}`, { method: 'DELETE' })).status, 404);
    assert.equal((await name({ name: 'again' })).status, 201);
    assert.equal((await ask('/named', { method: 'DELETE' })).status, 204);
    await create('named', 'another life\n');
    assert.deepEqual(await names(), []);
  });

  it('is read, named and brought back on the command line', async () => {
    await create('command', 'one\n');
    const operations = [{ op: 'insert', at: 'end', markdown: 'two' }];
    assert.equal((await ask('/command/edits', { method: 'POST', body: JSON.stringify({ operations }) })).status, 200);
    const token = await tokenFor('ada');
    const inkwire = async (...args: string[]) => {
      const [written, told]: [string[], string[]] = [[], []];
      const io = {
        write: async (output: string | Uint8Array) => void written.push(Buffer.from(output as string).toString()),
        tell: async (sentence: string) => void told.push(sentence),
        readInput: async () => new Uint8Array(),
        onStop: () => {},
      };
      const code = await runCli(['history', 'command', ...args], { INKWIRE_URL: server.url, INKWIRE_TOKEN: token }, io);
      return { code, written: written.join(''), told: told.join('\n') };
    };
    assert.deepEqual(await inkwire('--name', 'Sent'), { code: 0, written: '', told: 'Version 2 is called "Sent".' });
    assert.match((await inkwire()).written, /^2\t\d{4}-\S+Z\t\d{4}-\S+Z\tada 2\tSent\n$/);
    assert.equal((await inkwire('--show', '1')).written, 'one\n');
    assert.match((await inkwire('--restore', '1')).told, /^The content of version 1 is back, as version 3\./);
    assert.equal((await inkwire('--restore', '1')).told, 'The document is as that version was; nothing was changed.');
    assert.match((await inkwire('--undo', '2...3')).told, /^What was written in 2\.\.\.3 is taken back, as version 4\./);
    assert.equal((await inkwire('--undo', '2')).code, 1);
    assert.equal((await inkwire('--author', 'ada')).code, 2);
    assert.equal((await inkwire('--show', 'last')).code, 1);
    assert.equal((await inkwire('--show', '1', '--restore', '1')).code, 2);
  });

  it('is read by whoever may read, and brought back by whoever may write', async () => {
    await create('roles', 'a\n');
    const asRole = async (role: string, path: string, method = 'GET') =>
      (
        await fetch(`${server.url}/api/documents/roles/${path}`, {
          method,
          headers: { Authorization: `Bearer ${await tokenFor('eve', role)}` },
        })
      ).status;
    assert.deepEqual(
      await Promise.all(['versions', 'authors', 'versions/1?format=text', 'versions/0...1'].map((path) => asRole('view', path))),
      [200, 200, 200, 200],
    );
    assert.equal(await asRole('suggest', 'versions/1/restore', 'POST'), 403);
    assert.equal(await asRole('edit', 'versions/1/restore', 'POST'), 200);
  });
});
