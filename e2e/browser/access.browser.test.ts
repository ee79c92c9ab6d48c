import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';
import { ADA, callApi, SECRET, tokenOf } from './tokens.ts';

/** What the browser says of every answer with a status of refusal. */
const REFUSED = /^error: Failed to load resource: .* (401|403|410) /;

describe('access', () => {
  let pages: Pages;
  let admin: string;
  before(async () => {
    // Short, so that a session without a token ends while somebody looks.
    pages = await Pages.open({ INKWIRE_SECRET: SECRET, INKWIRE_TOKEN_GRACE_MS: '2000' });
    admin = await tokenOf(ADA);
  });
  after(async () => {
    await pages?.close();
  });

  const signedIn = async (path: string, token: string): Promise<Visitor> => {
    const visitor = await pages.visit(path);
    await visitor.page.getByLabel('Token').fill(token);
    await visitor.page.keyboard.press('Enter');
    await visitor.page.getByLabel('Token').waitFor({ state: 'detached' });
    return visitor;
  };
  /** Opens a share link as somebody who was never here. */
  const byLink = async (url: string, name: string): Promise<Visitor> => {
    const visitor = await pages.visit(url);
    await visitor.page.getByRole('dialog').getByLabel('Your name').fill(name);
    await visitor.page.keyboard.press('Enter');
    return visitor;
  };
  const text = (visitor: Visitor) => visitor.page.locator('inkwire-editor .ProseMirror');
  const editable = async (visitor: Visitor) => (await text(visitor).getAttribute('contenteditable')) === 'true';
  const viewOnly = (visitor: Visitor) => visitor.page.getByText('View only', { exact: true });

  it('[A1] asks for a token, says what is wrong with it, and leads on to where one wanted to be', async () => {
    await pages.create({ name: 'home', title: 'Plan for spring', markdown: 'Sow early.\n' }, admin);
    const ada = await pages.visit('/d/home');
    await ada.page.getByLabel('Token').fill('nonsense');
    await ada.page.keyboard.press('Enter');
    await ada.page.getByText('This server does not know that token.').waitFor();
    await ada.page.getByLabel('Token').fill(await tokenOf(ADA, -60));
    await ada.page.keyboard.press('Enter');
    await ada.page.getByText('Your token has expired.').waitFor();
    assert.doesNotMatch(await ada.page.content(), /Sow early/);
    await ada.page.getByLabel('Token').fill(admin);
    await ada.page.keyboard.press('Enter');
    await ada.writing();
    await ada.untilText('Sow early.');
    await ada.page.reload();
    await ada.untilText('Sow early.');
    await ada.page.getByText('Signed in as Ada Lovelace.').waitFor();

    await ada.page.getByRole('button', { name: 'Document menu' }).click();
    await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await ada.page.getByLabel('Token').waitFor();
    await ada.page.reload();
    await ada.page.getByLabel('Token').waitFor();
    assert.deepEqual(
      ada.complaints.filter((complaint) => !REFUSED.test(complaint)),
      [],
    );
    await ada.leave();
  });

  it('[A2] whoever is asked to sign in again over an open document may do so later', async () => {
    await pages.create({ name: 'again', markdown: 'Sow early.\n' }, admin);
    const grace = await signedIn('/d/again', await tokenOf({ sub: 'grace-again', name: 'Grace', access: { again: 'edit' } }));
    await grace.writing();
    await callApi(pages.server.url, admin, 'POST', '/api/revocations', { sub: 'grace-again' });
    const again = grace.page.getByRole('button', { name: 'Sign in', exact: true });
    await again.click();
    await grace.page.getByRole('button', { name: 'Cancel' }).click();
    await grace.page.getByLabel('Token').waitFor({ state: 'detached' });
    await grace.untilText('Sow early.');
    await again.waitFor();
    await grace.leave();
  });

  it('[A1] shows the documents one may read, and nothing one may not do', async () => {
    for (const name of ['team/notes', 'team/budget', 'board/minutes']) await pages.create({ name, title: name }, admin);
    const grace = await signedIn('/', await tokenOf({ sub: 'grace', name: 'Grace', access: { 'team/*': 'view', 'team/notes': 'edit' } }));
    await grace.page.getByRole('link', { name: /team\/notes/ }).waitFor();
    assert.deepEqual((await grace.page.locator('.document-row .title').allInnerTexts()).toSorted(), ['team/budget', 'team/notes']);
    await grace.page.getByRole('link', { name: /team\/budget/ }).click();
    await viewOnly(grace).waitFor();
    assert.equal(await editable(grace), false);
    assert.equal(await grace.page.getByLabel('Title').getAttribute('readonly'), '');
    assert.equal(await grace.page.getByRole('button', { name: 'Share', exact: true }).count(), 0);
    await grace.page.getByRole('button', { name: 'Document menu' }).click();
    await grace.page.getByRole('menuitem', { name: /Markdown .md/ }).waitFor();
    assert.equal(await grace.page.getByRole('menuitem', { name: /Delete|name/ }).count(), 0);
    const [download] = await Promise.all([
      grace.page.waitForEvent('download'),
      grace.page.getByRole('menuitem', { name: /Markdown .md/ }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'team budget.md');
    await grace.page.goto('/d/board%2Fminutes');
    await grace.untilWord('Access removed');
    await grace.leave();
  });

  it('[A1] an admin shares by link; the visitor reads, under a name they chose, until it is revoked', async () => {
    await pages.create({ name: 'shared', title: 'Shared', markdown: 'For your eyes.\n' }, admin);
    const ada = await signedIn('/d/shared', admin);
    await ada.writing();
    await ada.page.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create link' }).click();
    const url = await dialog.getByLabel('The link').inputValue();
    assert.match(url, /\/d\/shared#share=[\w-]{40,}$/);

    const grace = await byLink(url, 'Grace');
    await viewOnly(grace).waitFor();
    await grace.untilText('For your eyes.');
    assert.equal(new URL(grace.page.url()).hash, '');
    await until('Ada sees her name', () =>
      ada.page.evaluate(() => document.querySelector('inkwire-editor')!.users.some(({ name }) => name === 'Grace')),
    );
    await grace.page.reload();
    await grace.untilText('For your eyes.');

    // The role of the link is raised, and the open document with it.
    await dialog.getByRole('listitem').getByLabel('What they may do').selectOption('edit');
    await until('she can write', () => editable(grace));
    await grace.writing();
    await grace.select('end');
    await grace.page.keyboard.type(' And mine.');
    await grace.untilWord('Saved');
    await ada.untilText('For your eyes. And mine.');

    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByRole('button', { name: 'Revoke it' }).click();
    await grace.untilWord('Access removed');
    assert.equal(await editable(grace), false);
    await grace.page.reload();
    await grace.page.getByRole('heading', { name: 'This link has ended' }).waitFor();
    assert.doesNotMatch(await grace.page.content(), /For your eyes/);
    assert.deepEqual(
      grace.complaints.filter((complaint) => !REFUSED.test(complaint)),
      [],
    );
    await grace.leave();
    await ada.leave();
  });

  it('[A1] the frame takes its token from the fragment, and another without being reloaded', async () => {
    await pages.create({ name: 'framed', markdown: 'Framed words.\n' }, admin);
    const reader = await tokenOf({ sub: 'grace', name: 'Grace', access: { framed: 'view' } });
    const writer = await tokenOf({ sub: 'grace', name: 'Grace', access: { framed: 'edit' } });
    const grace = await pages.visit(`/embed/framed#token=${reader}`);
    await grace.untilText('Framed words.');
    assert.equal(await editable(grace), false);
    assert.equal(new URL(grace.page.url()).hash, '');
    await grace.page.evaluate((token) => {
      Object.assign(globalThis, { sameWindow: true });
      location.hash = `token=${token}`;
    }, writer);
    await until('it can be written in', () => editable(grace));
    assert.equal(new URL(grace.page.url()).hash, '');
    assert.equal(await grace.page.evaluate(() => 'sameWindow' in globalThis), true);
    assert.equal(await grace.page.locator('header').count(), 0);
    assert.deepEqual(grace.complaints, []);
    await grace.leave();
  });
});
