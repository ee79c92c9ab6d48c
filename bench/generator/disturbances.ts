import * as Y from 'yjs';
import { Crowd } from './crowd.ts';
import { hocuspocus } from './dialect.ts';
import { largeDocument } from './large-document.ts';

/** Where the server is that is disturbed, and under which name. */
export interface Place {
  /** `ws://127.0.0.1:port` */
  readonly server: string;
  /** Where its sockets are opened. */
  readonly path: string;
  readonly documentName: string;
}

/** Gets all ready, and returns what is to be timed. Where the server has no such way in, it returns `null`. */
export type Disturbance = (place: Place) => Promise<(() => Promise<unknown>) | null>;

const PAGES = 300;
const SENTENCE = 'People write together and nobody waits for anybody else who is at work in another document. ';

/** What one person can do that keeps a server busy, by name. */
export const DISTURBANCES: Readonly<Record<string, Disturbance>> = {
  'a paste of 1 MB': edit(() => pasted(1e6)),
  'a paste of 8 MB': edit(() => pasted(8e6)),
  'a paste of 30 MB': edit(() => pasted(30e6)),
  '100,000 entries': edit(() => entries(100_000)),
  '400,000 entries': edit(() => entries(400_000)),
  'POST of 300 pages': async (place) => http(place, 'POST', book(), 'text/markdown'),
  'POST of 20,000 paragraphs': async (place) => http(place, 'POST', 'A paragraph that is short, as most of them are.\n\n'.repeat(20_000)),
  'POST of 300,000 <b>': async (place) => http(place, 'POST', '<b>'.repeat(300_000), 'text/html'),
  'PUT of 300 pages': async (place) => onBook(place, () => http(place, 'PUT', book().replace('together', 'with others'))),
  'export as Markdown': async (place) => onBook(place, () => http(place, 'GET', null, 'markdown')),
  'export as HTML': async (place) => onBook(place, () => http(place, 'GET', null, 'html')),
  'export as JSON': async (place) => onBook(place, () => http(place, 'GET', null, 'json')),
  'export as Word': async (place) => onBook(place, () => http(place, 'GET', null, 'docx')),
  'export as PDF': async (place) => onBook(place, () => http(place, 'GET', null, 'pdf')),
  'export as OpenDocument': async (place) => onBook(place, () => http(place, 'GET', null, 'odt')),
  'export as EPUB': async (place) => onBook(place, () => http(place, 'GET', null, 'epub')),
  'difference of 300 pages': async (place) => onBook(place, () => rewritten(place)),
  'four at once': async (place) => {
    const all = ['a paste of 30 MB', '400,000 entries', 'POST of 300,000 <b>', 'PUT of 300 pages'];
    const acts = await Promise.all(all.map((what) => DISTURBANCES[what]!({ ...place, documentName: `${place.documentName}, ${what}` })));
    return acts.includes(null) ? null : () => Promise.all(acts.map((act) => act!()));
  },
  'a join of 8 MB': join(() => largeDocument(8e6)),
  'a join of 30 MB': join(() => largeDocument(30e6)),
  'a join of 100,000 entries': join(() => entries(100_000)),
};

function edit(make: () => Uint8Array): Disturbance {
  return async ({ server, path, documentName }) => {
    const update = make();
    const crowd = await Crowd.gather(server, hocuspocus(path), [documentName], 1);
    return async () => {
      await crowd.people[0]!.bring(update);
      await crowd.close();
    };
  };
}

/** Somebody opens what nobody has open. */
function join(make: () => Uint8Array): Disturbance {
  return async (place) => {
    await (await edit(make)(place))?.();
    const { server, path, documentName } = place;
    const crowd = await Crowd.connect(server, hocuspocus(path), [documentName], 1);
    return async () => {
      await crowd.people[0]!.join();
      await crowd.close();
    };
  };
}

async function http(
  { server, documentName }: Place,
  method: 'POST' | 'PUT' | 'GET',
  body: string | null,
  kind = 'text/markdown',
): Promise<(() => Promise<unknown>) | null> {
  const api = `${server.replace('ws', 'http')}/api/documents`;
  const isThere = (await fetch(api)).headers.get('content-type')?.startsWith('application/json');
  if (isThere !== true) return null;
  const name = encodeURIComponent(documentName);
  const url = { POST: `${api}?name=${name}`, PUT: `${api}/${name}/content`, GET: `${api}/${name}/export?format=${kind}` }[method];
  return async () => {
    const response = await fetch(url, { method, body, ...(body !== null && { headers: { 'Content-Type': kind } }) });
    await response.arrayBuffer();
    return response.status;
  };
}

/** Every page of the book is written anew, and somebody asks what has changed. */
async function rewritten(place: Place): ReturnType<Disturbance> {
  const { server, documentName } = place;
  const url = `${server.replace('ws', 'http')}/api/documents/${encodeURIComponent(documentName)}`;
  const answer = await fetch(`${url}/content`, {
    method: 'PUT',
    body: book().replaceAll('waits', 'stays'),
    headers: { 'Content-Type': 'text/markdown' },
  });
  const { version } = (await answer.json()) as { version: number };
  return async () => {
    const response = await fetch(`${url}/versions/${version - 1}...${version}?blocks=0`);
    await response.arrayBuffer();
    return response.status;
  };
}

/** Something is done to a document of many pages that somebody has open. */
async function onBook(place: Place, then: () => ReturnType<Disturbance>): ReturnType<Disturbance> {
  const create = await http(place, 'POST', book());
  if (create === null) return null;
  await create();
  await Crowd.gather(place.server, hocuspocus(place.path), [place.documentName], 1);
  return then();
}

/** Markdown of many pages, as people write it. */
function book(): string {
  const page = (number: number) =>
    [
      `## Page ${number}`,
      ...[1, 2, 3, 4].map((part) => `${SENTENCE.repeat(4)}**Bold ${number}.${part}**, [a link](https://example.org/${number}) and *more*.`),
      `- one of ${number}\n- two of ${number}\n- [three](https://example.org)`,
    ].join('\n\n');
  return Array.from({ length: PAGES }, (_, number) => page(number)).join('\n\n');
}

/** The update that pastes as much text into an empty document. */
function pasted(bytes: number): Uint8Array {
  return made((document) => document.getText('default').insert(0, SENTENCE.repeat(Math.ceil(bytes / SENTENCE.length))));
}

/** The update that sets as many entries of a map at once. */
function entries(count: number): Uint8Array {
  return made((document) => {
    const map = document.getMap('entries');
    for (let number = 0; number < count; number++) map.set(`key ${number}`, number);
  });
}

function made(change: (document: Y.Doc) => void): Uint8Array {
  const document = new Y.Doc();
  document.transact(() => change(document));
  const update = Y.encodeStateAsUpdate(document);
  document.destroy();
  return update;
}
