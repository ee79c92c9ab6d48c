import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import postgres from 'postgres';
import * as Y from 'yjs';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { FrameType } from '../../protocol/frames.ts';
import type { Status } from '../../web/element/status.ts';
import { NetworkProxy } from '../faults/network-proxy.ts';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';
import { Wire } from './wire.ts';

/**
 * `silence.test.ts` holds the seconds that are promised, with a clock of its own. Here a page, a server and a database share a machine with
 * other tests, whose slowness is no fault of the page: what is asked is that it comes without anybody's doing, in far less than a TCP timeout.
 */
const MAX_MS = 30_000;

/** What a status said, the text it said that of, and for how long the machine had kept the page waiting till then, ms. */
interface Said extends Status {
  readonly at: number;
  readonly text: string;
  readonly waited: number;
}

/** Milliseconds between two moments in which the page could run: one that shares a busy machine may be late, and is not at fault. */
const ranMs = (from: Pick<Said, 'at' | 'waited'>, to: Pick<Said, 'at' | 'waited'>): number => to.at - from.at - (to.waited - from.waited);

describe('a dead network', { concurrency: true }, () => {
  let database: TestDatabase;
  let pages: Pages;
  before(async () => {
    database = await testDatabase();
    pages = await Pages.open({ DATABASE_URL: database.url });
  });
  after(async () => {
    await pages?.close();
    await database?.stop();
  });

  /** A tab behind a network of its own. */
  const behind = async (t: TestContext, name: string): Promise<[Visitor, NetworkProxy]> => {
    const network = await NetworkProxy.start(pages.server.url);
    t.after(() => network.close());
    await pages.create({ name, markdown: 'Before.\n' });
    const visitor = await pages.visit(`/d/${name}`, { baseURL: network.url, guest: 'Ada' });
    await visitor.writing();
    await visitor.select('end');
    await visitor.untilWord('Saved');
    await listen(visitor);
    return [visitor, network];
  };

  const listen = (visitor: Visitor) =>
    visitor.page.evaluate(() => {
      const element = document.querySelector('inkwire-editor')!;
      const TICK_MS = 50;
      const all: unknown[] = [];
      let waited = 0;
      let ticked = Date.now();
      const late = () => Math.max(0, Date.now() - ticked - TICK_MS);
      setInterval(() => {
        waited += late();
        ticked = Date.now();
      }, TICK_MS);
      const moment = () => ({ at: Date.now(), waited: waited + late() });
      Object.assign(element, { all, moment });
      element.addEventListener('inkwire-status', ({ detail }) => {
        all.push({ ...detail, ...moment(), text: element.editor!.getText({ blockSeparator: '\n' }) });
      });
    });
  const moment = (visitor: Visitor) =>
    visitor.page.evaluate(() =>
      (document.querySelector('inkwire-editor') as unknown as { moment: () => Pick<Said, 'at' | 'waited'> }).moment(),
    );
  const said = (visitor: Visitor) =>
    visitor.page.evaluate(() => (document.querySelector('inkwire-editor') as unknown as { all: Said[] }).all);
  const untilSaid = async (visitor: Visitor, kind: string, since: number): Promise<Said> => {
    let found: Said | undefined;
    await until(`${kind} is said`, async () => {
      found = (await said(visitor)).find((status) => status.kind === kind && status.at >= since);
      return found;
    });
    return found!;
  };

  /** The text that was committed by a moment. */
  const committed = async (name: string, at: number): Promise<string> => {
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    try {
      const rows = await sql<{ data: Uint8Array }[]>`
        select data from inkwire.updates join inkwire.documents on documents.id = document_id
        where name = ${name} and at <= ${new Date(at + 1)} order by seq`;
      const doc = new Y.Doc();
      for (const { data } of rows) Y.applyUpdate(doc, data);
      const blocks = doc.getXmlFragment('default').toArray() as Y.XmlElement[];
      return blocks.map((block) => block.toArray().join('')).join('\n');
    } finally {
      await sql.end();
    }
  };
  const neverFalse = async (visitor: Visitor, name: string) => {
    for (const { kind, at, text } of await said(visitor)) if (kind === 'saved') assert.equal(await committed(name, at), text);
  };

  it('[S5] [D1] is said, with how many edits wait; when it is back they are saved, once each', async (t) => {
    const [ada, network] = await behind(t, 'tunnel');
    const before = network.made;
    network.die();
    const begun = Date.now();
    await ada.page.keyboard.type(' In it.', { delay: 20 });
    const typed = await moment(ada);
    const offline = await untilSaid(ada, 'offline', begun);
    await ada.page.keyboard.type(' And on.');
    await until('the bar counts', async () => (await ada.word()) === 'Offline · 15');
    await ada.page.locator('inkwire-editor').getByText('The server does not answer. Your last 15 edits are in this tab').waitFor();
    await until('a second connection is tried, and two more', () => network.made >= before + 3);
    const back = await moment(ada);
    network.revive();
    const saved = await untilSaid(ada, 'saved', begun);
    t.diagnostic(`said ${ranMs(typed, offline)} ms after the last letter, saved ${ranMs(back, saved)} ms after the network's return`);
    assert.ok(ranMs(typed, offline) < MAX_MS, `said after ${ranMs(typed, offline)} ms`);
    assert.ok(saved.at > back.at && ranMs(back, saved) < MAX_MS, `saved ${ranMs(back, saved)} ms after the return`);
    assert.equal(saved.text, 'Before. In it. And on.');
    assert.deepEqual([...new Set((await said(ada)).map(({ kind }) => kind))], ['saving', 'offline', 'saved']);
    await neverFalse(ada, 'tunnel');
    assert.equal(await pages.exported('tunnel', 'text'), saved.text);
    await ada.leave();
  });

  it('[S5] a connection that a router has forgotten is replaced, and the others here see it all the while', async (t) => {
    const [ada, network] = await behind(t, 'router');
    const grace = await pages.visit('/d/router', { guest: 'Grace' });
    await grace.writing();
    network.forget();
    const begun = await moment(ada);
    await ada.page.keyboard.type(' Ada.');
    await grace.select(1);
    await grace.page.keyboard.type('Grace. ');
    const saved = await untilSaid(ada, 'saved', begun.at);
    t.diagnostic(`saved ${ranMs(begun, saved)} ms after the first letter`);
    assert.ok(ranMs(begun, saved) < MAX_MS, `saved after ${ranMs(begun, saved)} ms`);
    for (const visitor of [ada, grace]) await visitor.untilText('Grace. Before. Ada.');
    await neverFalse(ada, 'router');
    await until('each sees the other', async () => (await ada.page.locator('.people').getAttribute('title')) === 'Ada and Grace are here');
    await Promise.all([ada.leave(), grace.leave()]);
  });

  it('[S5] a connection that comes back to life goes on, and the second is dropped', async (t) => {
    const [ada, network] = await behind(t, 'lift');
    network.stall();
    const begun = Date.now();
    await ada.page.keyboard.type(' Up.');
    await untilSaid(ada, 'offline', begun);
    network.revive();
    await untilSaid(ada, 'saved', begun);
    await ada.page.keyboard.type(' Out.');
    await ada.untilWord('Saved');
    await until('it is stored', async () => (await committed('lift', Date.now())) === 'Before. Up. Out.');
    await neverFalse(ada, 'lift');
    await ada.leave();
  });

  it('[S5] [D6] a server whose database is away is not taken for one', async () => {
    await pages.create({ name: 'database', markdown: 'Before.\n' });
    const ada = await pages.visit('/');
    const wire = await Wire.tap(ada.page);
    await ada.page.goto('/d/database');
    await ada.writing();
    await ada.select('end');
    await ada.untilWord('Saved');
    await listen(ada);
    wire.hold(FrameType.SyncStatus);
    const begun = await moment(ada);
    await ada.page.keyboard.type(' Held.');
    await until('more than the patience is over', () => Date.now() - begun.at > 9000);
    // A page that a busy machine kept waiting for seconds heard nothing in them.
    const wasFree = ({ waited }: Pick<Said, 'waited'>) => waited - begun.waited < 1000;
    const others = (await said(ada)).filter((one) => wasFree(one) && one.kind !== 'saving');
    assert.deepEqual(others, []);
    if (wasFree(await moment(ada))) assert.equal(wire.opened, 1);
    wire.release();
    await ada.untilWord('Saved');
    await ada.leave();
  });
});
