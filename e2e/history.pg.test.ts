import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { unzipSync } from 'fflate';
import { runCli } from '../server/cli.ts';
import { HistoryScene, paragraph } from './history-scene.ts';
import { seededRandom } from './seeded-random.ts';
import { until } from './wait.ts';

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
  let scene: HistoryScene;
  before(async () => {
    scene = await HistoryScene.open();
  });
  after(() => scene?.server.dispose());

  const tokenFor = (sub: string, role?: string) => scene.tokenFor(sub, role);
  const ask: HistoryScene['ask'] = (path, init) => scene.ask(path, init);
  const create = (name: string, markdown: string) => scene.create(name, markdown);
  const writer = (t: TestContext, name: string, sub: string) => scene.writer(t, name, sub);
  const textAt = async (name: string, version: number | string, query = '') => {
    const response = await ask(`/${name}/versions/${version}?format=text${query}`);
    assert.equal(response.status, 200, await response.clone().text());
    return response.text();
  };

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

  it('calls people as their tokens do, and by a number once that is to be forgotten', async (t) => {
    await create('forgotten', 'By the maker.\n');
    const edit = { operations: [{ op: 'insert', at: 'end', markdown: 'By eve.' }] };
    assert.equal((await ask('/forgotten/edits', { method: 'POST', as: 'eve', body: JSON.stringify(edit) })).status, 200);
    const told = async () => {
      const { versions } = (await (await ask('/forgotten/versions')).json()) as {
        versions: { authors: { author: string; name: string }[] }[];
      };
      const { authors } = (await (await ask('/forgotten/authors')).json()) as { authors: { author: string; name: string }[] };
      const { contributions } = (await (await ask('/forgotten/versions/0...2')).json()) as {
        contributions: { author: string; name: string }[];
      };
      const lists = [versions[0]!.authors, authors, contributions];
      return lists.map((list) => list.map(({ author, name }) => `${author} ${name}`).sort());
    };
    // Noted while the answer is already on its way.
    await until('eve is called something', async () => (await told()).flat().every((one) => !one.endsWith('null')));
    assert.deepEqual(
      await told(),
      Array.from({ length: 3 }, () => ['ada ada', 'eve eve']),
    );
    const forget = async (as: string, role: string) =>
      fetch(`${scene.server.url}/api/people/eve`, { method: 'DELETE', headers: { Authorization: `Bearer ${await tokenFor(as, role)}` } });
    assert.equal((await forget('eve', 'edit')).status, 403);
    const { author } = (await (await forget('ada', 'admin')).json()) as { author: string };
    assert.match(author, /^person-\d+$/);
    await ask('/forgotten', { as: 'eve' });
    assert.deepEqual(
      await told(),
      Array.from({ length: 3 }, () => ['ada ada', `${author} ${author.replace('person-', 'Person ')}`]),
    );
    const word = await importedWord(new Uint8Array(await (await ask('/forgotten/versions/1...2?format=docx')).arrayBuffer()));
    assert.doesNotMatch(word, /w:author="eve"/);
    const undone = await ask('/forgotten/versions/0...2/undo', { method: 'POST', body: JSON.stringify({ author }) });
    assert.equal(undone.status, 200, await undone.clone().text());
    assert.equal(await (await ask('/forgotten/export?format=text')).text(), 'By the maker.');
    t.diagnostic(author);
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
      const code = await runCli(['history', 'command', ...args], { INKWIRE_URL: scene.server.url, INKWIRE_TOKEN: token }, io);
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
        await fetch(`${scene.server.url}/api/documents/roles/${path}`, {
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
