import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FrameType } from '../../protocol/frames.ts';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';
import { ADA, callApi, type Person, SECRET, tokenOf } from './tokens.ts';
import { Wire } from './wire.ts';

/** Short, so that a session whose token has ended is closed while somebody looks. */
const GRACE_MS = 1500;

describe('a role that changes while somebody writes', () => {
  let pages: Pages;
  let admin: string;
  before(async () => {
    pages = await Pages.open({ INKWIRE_SECRET: SECRET, INKWIRE_TOKEN_GRACE_MS: String(GRACE_MS) });
    admin = await tokenOf(ADA);
  });
  after(async () => {
    await pages?.close();
  });

  const GRACE: Person = { sub: 'grace', name: 'Grace Hopper', access: { 'notes/*': 'edit' } };
  const withRole = (role: string): Person => ({ ...GRACE, access: { 'notes/*': role } });

  /** The element in a page of its own, asking `next` for tokens. */
  const embedded = async (name: string, next: () => Promise<string>): Promise<[Visitor, Wire]> => {
    const visitor = await pages.visit('/');
    await visitor.page.getByLabel('Token').waitFor();
    const wire = await Wire.tap(visitor.page);
    await visitor.page.exposeFunction('nextToken', next);
    await visitor.page.evaluate(async (documentName) => {
      const element = Object.assign(document.createElement('inkwire-editor'), {
        tokenProvider: () => (globalThis as unknown as { nextToken(): Promise<string> }).nextToken(),
      });
      element.setAttribute('document', documentName);
      element.setAttribute('autofocus', '');
      document.body.replaceChildren(element);
      await import(`${location.origin}/inkwire.js`);
    }, name);
    await visitor.writing();
    await visitor.select('end');
    return [visitor, wire];
  };
  const kindOf = ({ page }: Visitor) => page.evaluate(() => document.querySelector('inkwire-editor')!.status.kind);
  const untilKind = (visitor: Visitor, kind: string) =>
    until(`the status is "${kind}"`, async () => (await kindOf(visitor)) === kind, 30_000);
  const isEditable = async ({ page }: Visitor) =>
    (await page.locator('inkwire-editor .ProseMirror').getAttribute('contenteditable')) === 'true';
  const stored = (name: string) => pages.exported(name, 'text', admin);
  /** Gives Grace another token: what she had until this moment is good no more. */
  const revoke = () => callApi(pages.server.url, admin, 'POST', '/api/revocations', { sub: GRACE.sub });

  it('[A2] lowered: what was on its way is kept, can be copied, and is discarded only when asked to', async () => {
    await pages.create({ name: 'notes/lowered', markdown: 'First.\n\nSecond.\n' }, admin);
    let person = GRACE;
    const [grace, wire] = await embedded('notes/lowered', () => tokenOf(person));
    await grace.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    // She does not hear of it yet, as somebody does not whose edits are on their way.
    wire.hold(FrameType.Stateless);
    person = withRole('view');
    await revoke();
    await until('the server has said so', () => wire.held > 0);
    await grace.page.keyboard.insertText(' Mine.');
    await untilKind(grace, 'rejected');
    wire.release();
    const notice = grace.page.getByText('The server did not accept your last change: it is only in this tab.');
    await notice.waitFor();
    await grace.page.getByText('View only', { exact: true }).waitFor();
    await grace.page.getByRole('button', { name: 'Find', exact: true }).click();
    await grace.page.getByRole('textbox', { name: 'Find' }).fill('Second');
    await grace.page.getByText('1 of 1', { exact: true }).waitFor();
    assert.equal(await grace.page.getByRole('button', { name: 'Replace all' }).count(), 0);
    assert.equal(await isEditable(grace), false);
    assert.equal(await grace.text(), 'First.\nSecond. Mine.');
    assert.equal(await stored('notes/lowered'), 'First.\nSecond.');

    await grace.page.getByRole('button', { name: 'Copy' }).click();
    await grace.page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await grace.page.evaluate(() => navigator.clipboard.readText()), 'Second. Mine.\n');
    const asked = new Promise<string>((resolve) => {
      grace.page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.dismiss();
      });
    });
    await grace.page.close({ runBeforeUnload: true });
    assert.equal(await asked, 'beforeunload');

    await grace.page.getByRole('button', { name: 'Discard and reload' }).click();
    await grace.page.getByRole('button', { name: 'Keep' }).click();
    await grace.page.getByRole('button', { name: 'Discard and reload' }).click();
    await grace.page.getByRole('button', { name: 'Discard for good' }).click();
    await untilKind(grace, 'saved');
    await grace.untilText('First.\nSecond.');
    await notice.waitFor({ state: 'hidden' });
    await grace.leave();
  });

  it('[A2] raised: the same editor opens, and what was refused is stored', async () => {
    await pages.create({ name: 'notes/raised', markdown: 'Words.\n' }, admin);
    let person = GRACE;
    const [grace, wire] = await embedded('notes/raised', () => tokenOf(person));
    wire.hold(FrameType.Stateless);
    person = withRole('view');
    await revoke();
    await until('the server has said so', () => wire.held > 0);
    await grace.page.keyboard.insertText(' More.');
    await untilKind(grace, 'rejected');
    wire.release();
    await until('it is read-only', async () => !(await isEditable(grace)));
    await grace.page.evaluate(() => Object.assign(globalThis, { first: document.querySelector('inkwire-editor')!.editor }));
    person = GRACE;
    await revoke();
    await untilKind(grace, 'saved');
    await until('it can be written in', () => isEditable(grace));
    assert.equal(await stored('notes/raised'), 'Words. More.');
    assert.equal(
      await grace.page.evaluate(
        () => document.querySelector('inkwire-editor')!.editor === (globalThis as unknown as { first: unknown }).first,
      ),
      true,
    );
    await grace.leave();
  });

  it('a token that ends is followed by another while somebody types, and nobody notices', async () => {
    await pages.create({ name: 'notes/renewed', markdown: 'Time:\n' }, admin);
    let asked = 0;
    const [grace] = await embedded('notes/renewed', async () => {
      asked += 1;
      // Asked for after four fifths: three seconds are left, however busy the machine.
      return tokenOf(GRACE, asked < 2 ? 15 : 3600);
    });
    const kinds = await grace.page.evaluateHandle(() => {
      const heard: string[] = [];
      for (const name of ['inkwire-status', 'inkwire-role'] as const) {
        document.addEventListener(name, (event) => {
          const { kind, reason } = (event as CustomEvent<{ kind?: string; reason?: string }>).detail;
          heard.push(kind ?? String(reason));
        });
      }
      return heard;
    });
    while (asked < 2) await grace.page.keyboard.type(' tick');
    const typed = await grace.text();
    await untilKind(grace, 'saved');
    assert.equal(await stored('notes/renewed'), typed);
    assert.deepEqual(
      (await kinds.jsonValue()).filter((kind) => !['saving', 'saved', 'null'].includes(kind)),
      [],
    );
    await grace.leave();
  });

  it('a token that ends without another leaves the text, keeps what is typed, and stores it once there is one', async () => {
    await pages.create({ name: 'notes/ended', markdown: 'Before.\n' }, admin);
    let away = false;
    const [grace] = await embedded('notes/ended', async () => {
      if (away) throw new Error('the application is down');
      return tokenOf(GRACE, 2);
    });
    away = true;
    await untilKind(grace, 'sign-in');
    await grace.page.keyboard.type(' After.');
    await grace.page.getByText(/What you wrote last \(7 edits\) is kept in this tab/).waitFor();
    assert.equal(await grace.text(), 'Before. After.');
    assert.equal(await stored('notes/ended'), 'Before.');
    away = false;
    await grace.page.evaluate(() => document.querySelector('inkwire-editor')!.reconnect());
    await untilKind(grace, 'saved');
    assert.equal(await stored('notes/ended'), 'Before. After.');
    await grace.leave();
  });

  it('[A1] a role taken away altogether ends the session, and what was written before is stored', async () => {
    await pages.create({ name: 'notes/removed', markdown: 'Words.\n' }, admin);
    let person = GRACE;
    const [grace] = await embedded('notes/removed', () => tokenOf(person));
    await grace.page.keyboard.type(' Kept.');
    await untilKind(grace, 'saved');
    person = { ...GRACE, access: { 'other/*': 'edit' } };
    await revoke();
    await untilKind(grace, 'removed');
    assert.equal(await isEditable(grace), false);
    await grace.page.getByText('You do not have access to this document.').waitFor();
    assert.equal(await stored('notes/removed'), 'Words. Kept.');
    await grace.leave();
  });
});
