import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { testApp } from '../../server/http/testing.ts';
import { bearer, type Kind, MarkedServer, PLAN, STRANGERS } from './marked-server.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'];
/** As long, so that answers are of the same length. */
const ABSENT = 'void';
const LINK = 'AAAAAAAAAAAA';

/** A request, but for who makes it. */
interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** All that came back. */
interface Answer {
  readonly status: number;
  /** Status line, headers and body, as they were sent. */
  readonly bytes: Uint8Array;
}

/** What came; of a stream that goes on the first of it. */
async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  if (response.headers['content-type'] !== 'text/event-stream') return buffer(response);
  for await (const part of response) return part as Buffer;
  return Buffer.alloc(0);
}

describe('[A1] of every byte of an answer over HTTP', () => {
  let marked: MarkedServer;
  let strangers: Record<(typeof STRANGERS)[number], string>;
  /** What the document's answers had, for whoever may see them. */
  let tags: { version: string; export: string };
  before(async () => {
    marked = await MarkedServer.start();
    strangers = await marked.strangers();
    const headers = bearer(await marked.admin());
    const tag = async (path: string) =>
      (await fetch(`${marked.server.url}/api/documents/${PLAN}${path}`, { headers })).headers.get('etag')!;
    tags = { version: await tag(''), export: await tag('/export?format=text') };
  });
  // One connection for all: a new one for each of thousands of questions is most of their cost.
  const agent = new Agent({ keepAlive: true });
  after(async () => {
    agent.destroy();
    await marked.stop();
  });

  async function ask({ method, path, headers = {}, body }: Question, token: string): Promise<Answer> {
    const { hostname, port } = new URL(marked.server.url);
    const asked = request({ hostname, port, method, path, headers: { ...bearer(token), ...headers }, agent });
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const { statusCode = 0, statusMessage, rawHeaders } = response;
    // How many requests somebody has left says nothing of documents.
    const told = rawHeaders.filter((_, at) => !/^(?:date|ratelimit)$/i.test(rawHeaders[at - (at % 2)]!));
    return { status: statusCode, bytes: Buffer.concat([Buffer.from(`${statusMessage}\n${told.join('\n')}\n`), await bodyOf(response)]) };
  }

  /** Everything there is to ask about a document, in every way. */
  function questions(name: string): Question[] {
    const paths = new Set(
      [...testApp().rules.keys()].map((route) =>
        route
          .split(' ')[1]!
          .replace(':name', name)
          .replace(':id', LINK)
          .replace(/:file.*/, 'favicon.svg')
          .replace('*', 'index.js'),
      ),
    );
    const json = { 'Content-Type': 'application/json' };
    const bodies: [Record<string, string>, string][] = [
      [json, JSON.stringify({ name, markdown: 'x', role: 'view', secret: 'guessed' })],
      [json, '{"name": '],
      [{ 'Content-Type': 'text/markdown' }, 'changed'],
    ];
    return [...paths].flatMap((path) =>
      METHODS.flatMap((method): Question[] => [
        { method, path },
        { method, path: `${path}?format=text&search=marked&limit=200` },
        { method, path: `${path}?format=yjs&download=1` },
        { method, path, headers: { 'If-None-Match': `${tags.version}, ${tags.export}, *`, Range: 'bytes=0-9' } },
        { method, path: `${path}/`, headers: { Accept: 'text/markdown' } },
        ...(['POST', 'PUT', 'PATCH'].includes(method)
          ? bodies.map(([headers, body]) => ({ method, path, headers: { ...headers, 'If-Match': tags.version }, body }))
          : []),
      ]),
    );
  }

  async function marksFor(token: string): Promise<Kind[]> {
    const found = new Set<Kind>();
    // What changes nothing, for somebody who could change it.
    const harmless = questions(PLAN).filter(({ method }) => ['GET', 'HEAD', 'OPTIONS'].includes(method));
    for (const question of harmless) for (const kind of marked.marksIn([(await ask(question, token)).bytes])) found.add(kind);
    return [...found].toSorted();
  }

  for (const who of STRANGERS) {
    it(`with ${who} none is of a document, and none tells whether there is one, whatever is asked`, async () => {
      const token = strangers[who];
      const [here, nowhere] = [questions(PLAN), questions(ABSENT)];
      for (const [at, question] of here.entries()) {
        const answer = await ask(question, token);
        const words = `${question.method} ${question.path} ${JSON.stringify(question.headers ?? {})}`;
        assert.deepEqual(marked.marksIn([answer.bytes]), [], words);
        if (!question.path.includes(PLAN)) continue;
        const absent = await ask(nowhere[at]!, token);
        assert.equal(answer.status, absent.status, words);
        assert.equal(textOf(answer), textOf(absent).replaceAll(ABSENT, PLAN), words);
      }
    });
  }

  it('some are of a document for whoever may see it: the search finds what there is', async () => {
    assert.deepEqual(await marksFor(await marked.admin()), ['author', 'name', 'person', 'sharer', 'text', 'title']);
    assert.deepEqual(await marksFor(await marked.token('reader', { [PLAN]: 'view' })), ['author', 'person', 'text', 'title']);
  });
});

function textOf({ bytes }: Answer): string {
  return Buffer.from(bytes).toString('latin1');
}
