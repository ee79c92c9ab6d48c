import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { InkwireClient, InkwireRefusal } from '../server/http/client/client.ts';
import { SECRET, tokenOf } from './browser/tokens.ts';
import { ServerProcess } from './server-process.ts';

const run = promisify(execFile);
const page = await readFile(new URL('../docs/client.md', import.meta.url), 'utf8');
const fenced = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\``).exec(page)![1]!;

describe('inkwire/client', { concurrency: true }, () => {
  let server: ServerProcess;
  let token: string;
  before(async () => {
    server = await ServerProcess.start({ INKWIRE_SECRET: SECRET });
    token = await tokenOf({ sub: 'script', name: 'Script', access: { '*': 'admin' } });
  });
  after(() => server?.dispose());
  const client = (own: string | (() => Promise<string>) = token) => new InkwireClient({ url: `${server.url}/`, token: own });
  const environment = () => ({ ...process.env, INKWIRE_URL: server.url, INKWIRE_TOKEN: token });

  async function folder(t: TestContext): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'inkwire-client-'));
    t.after(() => rm(made, { recursive: true, force: true }));
    return made;
  }

  it('does what docs/client.md says, from its own page', async (t) => {
    const scratch = await folder(t);
    const source = fenced('ts').replace(
      "'inkwire/client'",
      JSON.stringify(new URL('../server/http/client/client.ts', import.meta.url).href),
    );
    await symlink(new URL('../node_modules', import.meta.url).pathname, join(scratch, 'node_modules'));
    await writeFile(join(scratch, 'example.mts'), source);
    const { stdout } = await run(process.execPath, [join(scratch, 'example.mts')], { env: environment() });
    assert.equal(stdout.trim(), fenced('text').trim());
  });

  it('is not needed in Python', async (t) => {
    const python = await run('python3', ['--version']).catch(() => null);
    if (python === null) return t.skip('there is no python3 on this machine');
    const scratch = await folder(t);
    await writeFile(join(scratch, 'example.py'), fenced('python'));
    const { stdout } = await run('python3', [join(scratch, 'example.py')], { env: environment() });
    assert.equal(stdout.trim(), 'Sow late.');
  });

  it('asks for a token before each request, and names what is refused', async () => {
    let asked = 0;
    const own = client(async () => {
      asked += 1;
      return token;
    });
    await own.create({ name: 'asked' });
    await own.document('asked').info();
    assert.equal(asked, 2);
    const refusal = await client('wrong')
      .document('asked')
      .info()
      .catch((error: unknown) => error);
    assert.ok(refusal instanceof InkwireRefusal);
    assert.equal(refusal.status, 401);
    const stale = await own
      .document('asked')
      .edit([{ op: 'setTitle', title: 'x' }], { ifVersion: 99 })
      .catch((error: unknown) => error);
    assert.equal((stale as InkwireRefusal).code, 'version-mismatch');
  });

  it('imports a file, uploads a picture and reads blocks', async () => {
    const own = client();
    const made = await own.import('<h1>Of a page</h1><p>text', 'text/html', { name: 'of-a-page' });
    assert.equal(made.title, 'Of a page');
    const document = own.document('of-a-page');
    const { url, picture } = await document.upload(new Blob(['plain words']), 'words.txt');
    assert.equal(picture, false);
    await document.replace(`[words](${url})`);
    const { blocks } = await document.blocks();
    assert.deepEqual(
      blocks.map(({ text }) => text),
      ['words'],
    );
  });

  it('reads what a document was, and brings it back', async () => {
    const own = client();
    await own.create({ name: 'past', markdown: 'one' });
    const past = own.document('past');
    await past.edit([{ op: 'insert', at: 'end', markdown: 'two' }]);
    const seen: [number, number][] = [];
    for await (const { from, version } of past.versions()) seen.push([from, version]);
    assert.deepEqual(seen, [[1, 2]]);
    assert.equal(await (await past.version(1)).text(), 'one\n');
    assert.equal(await (await past.version(new Date(), 'text')).text(), 'one\ntwo');
    assert.deepEqual(
      (await past.difference(1, 2)).changes.map(({ kind }) => kind),
      ['inserted'],
    );
    await past.restore(1);
    assert.equal(await past.markdown(), 'one\n');
    await past.undoVersions(2, 3);
    assert.equal(await past.markdown(), 'one\n\ntwo\n');
    assert.deepEqual(
      (await past.authors()).map(({ author, edits }) => [author, edits]),
      [['script', 4]],
    );
  });

  it('[X10] follows changes from where it was, also when the stream breaks', async () => {
    const own = client();
    await own.create({ name: 'followed', markdown: 'a' });
    const followed = own.document('followed');
    let streams = 0;
    // Each stream breaks with its first event.
    const breaking = new InkwireClient({
      ...{ url: server.url, token },
      async fetch(address, init) {
        const response = await fetch(address, init);
        if (!String(address).includes('/changes')) return response;
        streams += 1;
        const cut = new TransformStream<Uint8Array, Uint8Array>({
          transform(piece, controller) {
            controller.enqueue(piece);
            if (new TextDecoder().decode(piece).includes('event: change')) controller.terminate();
          },
        });
        return new Response(response.body!.pipeThrough(cut), response);
      },
    });
    const seen: number[] = [];
    const left = new AbortController();
    const watching = (async () => {
      for await (const { version } of breaking.document('followed').changes({ since: 1, signal: left.signal })) {
        seen.push(version);
        if (version < 4) await followed.edit([{ op: 'insert', at: 'end', markdown: `at ${version}` }]);
        else left.abort();
      }
    })();
    await followed.edit([{ op: 'insert', at: 'end', markdown: 'b' }]);
    await watching;
    assert.deepEqual(seen, [2, 3, 4]);
    assert.ok(streams >= 3, `${streams} streams`);
  });
});
