import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';

describe('the documents page', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'plan', title: 'Plan for spring', markdown: '# Plan\n\nSow **early**.\n' });
    await pages.create({ name: 'notes', title: 'Meeting notes' });
    await pages.create({ name: 'team/ü 100%', title: '' });
  });
  after(async () => {
    await pages?.close();
  });

  const titles = (visitor: Visitor) => visitor.page.locator('.document-row .title').allTextContents();
  const untilTitles = (visitor: Visitor, wanted: string[]) =>
    until(`the list shows ${wanted}`, async () => JSON.stringify(await titles(visitor)) === JSON.stringify(wanted), 30_000);

  it('lists what there is, the last edited first, and finds while one types', async () => {
    const ada = await pages.visit('/');
    await untilTitles(ada, ['team/ü 100%', 'Meeting notes', 'Plan for spring', 'Welcome to Inkwire']);
    await ada.page.keyboard.press('/');
    await ada.page.keyboard.type('spring');
    await untilTitles(ada, ['Plan for spring']);
    await ada.page.keyboard.press('Enter');
    await ada.writing();
    await ada.untilText('Plan\nSow early.');
    assert.equal(new URL(ada.page.url()).pathname, '/d/plan');
    await ada.page.goBack();
    await ada.page.getByLabel('Search documents').fill('nothing is called this');
    await ada.page.getByText('No document has “nothing is called this” in its title or name.').waitFor();
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('opens a document of any name', async () => {
    const ada = await pages.visit('/');
    await ada.page.getByRole('link', { name: /team\/ü 100%/ }).click();
    await ada.writing();
    await ada.page.keyboard.type('Found.');
    await ada.untilWord('Saved');
    assert.equal(await pages.exported('team/ü 100%', 'text'), 'Found.');
    await ada.leave();
  });

  it('imports the files one chooses, says why one is refused, and opens a single one', async () => {
    const ada = await pages.visit('/');
    // Listened to from here on: a browser that is told so with the key may open its own window before.
    ada.page.on('filechooser', () => {});
    const choose = async (...files: { name: string; mimeType: string; buffer: Buffer }[]) => {
      const chooser = ada.page.waitForEvent('filechooser');
      await ada.page.keyboard.press('i');
      await (await chooser).setFiles(files);
    };
    const file = (name: string, text: string) => ({ name, mimeType: '', buffer: Buffer.from(text) });
    await ada.page.getByRole('button', { name: 'Import' }).waitFor();
    await choose(file('notes of may.md', 'No heading, *but* words.\n'), file('report.pages', 'PK'), file('broken.json', '{"type":'));
    await ada.page
      .getByText('This kind of file cannot be imported; markdown (md), html, text (txt), docx, odt, epub, json or yjs can.')
      .waitFor();
    await ada.page.locator('.import-problem', { hasText: 'JSON' }).nth(1).waitFor();
    await untilTitles(ada, ['notes of may', 'team/ü 100%', 'Meeting notes', 'Plan for spring', 'Welcome to Inkwire']);
    for (const left of [1, 0]) {
      await ada.page.getByRole('button', { name: 'Dismiss' }).first().click();
      assert.equal(await ada.page.locator('.import-row').count(), left);
    }
    await choose(file('other.html', '<title>Of a web page</title><h1>Page</h1><p>with <b>bold</b> words'));
    await ada.writing();
    await ada.untilText('Page\nwith bold words');
    assert.deepEqual(ada.complaints, ['error: Failed to load resource: the server responded with a status of 400 (Bad Request)']);
    await ada.leave();
  });

  it('imports what is dropped, shows how far it is, and gives up what is cancelled', async () => {
    const ada = await pages.visit('/');
    await ada.page.locator('.document-row').first().waitFor();
    await ada.page.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File(['A paragraph of many words.\n\n'.repeat(150_000)], 'long.md'));
      document.querySelector('main')!.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
    });
    const row = ada.page.locator('.import-row');
    await row.getByText('Reading…').waitFor();
    assert.equal(await row.getByRole('progressbar').count(), 1);
    await row.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await row.count(), 0);
    assert.deepEqual((await titles(ada)).includes('long'), false);
    await ada.leave();
  });

  it('shows who is in a document right now', async () => {
    const ada = await pages.visit('/d/plan', { guest: 'Ada Lovelace' });
    await ada.writing();
    const grace = await pages.visit('/');
    await grace.page.locator('.document-row', { hasText: 'Plan for spring' }).getByText('Ada Lovelace is here').waitFor();
    await ada.leave();
    await grace.leave();
  });

  it('deletes after naming the document, for everyone', async () => {
    await pages.create({ name: 'short', title: 'Short-lived' });
    const reader = await pages.visit('/d/short');
    await reader.writing();
    const ada = await pages.visit('/');
    await ada.page.getByRole('link', { name: /Short-lived/ }).focus();
    await ada.page.keyboard.press('Delete');
    const dialog = ada.page.getByRole('dialog', { name: 'Delete “Short-lived”?' });
    await dialog.waitFor();
    await ada.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.ok((await titles(ada)).includes('Short-lived'));

    await ada.page.getByRole('link', { name: /Short-lived/ }).focus();
    await ada.page.keyboard.press('Delete');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await until('it is off the list', async () => !(await titles(ada)).includes('Short-lived'));
    await reader.untilWord('Deleted');
    assert.equal((await fetch(`${pages.server.url}/api/documents/short`)).status, 404);
    await ada.leave();
    await reader.leave();
  });

  it('says so when there is nothing, and when the server cannot be reached', async () => {
    const ada = await pages.visit('/');
    await ada.page.route('**/api/documents?*', (route) => route.fulfill({ json: { documents: [], next: null } }));
    await ada.page.reload();
    await ada.page.getByText('Nothing is written here yet.').waitFor();
    await ada.page.unroute('**/api/documents?*');
    await ada.page.route('**/api/documents?*', (route) => route.abort());
    await ada.page.reload();
    await ada.page.getByRole('alert').getByText('Can’t reach the server.').waitFor();
    await ada.page.unroute('**/api/documents?*');
    await ada.page.getByRole('button', { name: 'Try again' }).click();
    await ada.page.getByRole('link', { name: /Plan for spring/ }).waitFor();
    await ada.leave();
  });
});

describe('the document menu', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'plan', title: 'Plan for spring', markdown: '# Plan\n\nSow **early**.\n' });
  });
  after(async () => {
    await pages?.close();
  });

  it('downloads the live document in every format', async () => {
    const ada = await pages.visit('/d/plan');
    await ada.writing();
    await ada.select('end');
    await ada.page.keyboard.type(' Reap late.');
    await ada.untilWord('Saved');
    const expected: [string, string, RegExp][] = [
      ['Markdown', 'Plan for spring.md', /^# Plan\n\nSow \*\*early\*\*\. Reap late\.\n$/],
      ['Web page', 'Plan for spring.html', /<strong>early<\/strong>\. Reap late\./],
      ['Plain text', 'Plan for spring.txt', /^Plan\nSow early\. Reap late\.$/],
      ['ProseMirror JSON', 'Plan for spring.json', /"type":\s*"doc"/],
      ['Yjs state', 'Plan for spring.yjs', /Reap late/],
      ['Word', 'Plan for spring.docx', /^PK/],
      ['PDF', 'Plan for spring.pdf', /^%PDF-/],
    ];
    for (const [label, fileName, content] of expected) {
      await ada.page.getByRole('button', { name: 'Document menu' }).click();
      const [download] = await Promise.all([
        ada.page.waitForEvent('download'),
        ada.page.getByRole('menuitem', { name: new RegExp(`^${label}`) }).click(),
      ]);
      assert.equal(download.suggestedFilename(), fileName);
      assert.match(await readFile(await download.path(), 'utf8'), content, label);
    }
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('copies as Markdown, changes the theme for good, and renames the guest', async () => {
    const ada = await pages.visit('/d/plan', { permissions: ['clipboard-read', 'clipboard-write'] });
    const grace = await pages.visit('/d/plan');
    await ada.writing();
    await grace.writing();
    const choose = async (role: 'menuitem' | 'menuitemradio', name: string) => {
      await ada.page.getByRole('button', { name: 'Document menu' }).click();
      await ada.page.getByRole(role, { name }).click();
    };
    await choose('menuitem', 'Copy as Markdown');
    await ada.page.getByText('Copied as Markdown').waitFor();
    assert.match(await ada.page.evaluate(() => navigator.clipboard.readText()), /^# Plan\n\nSow \*\*early\*\*/);

    const paper = () => ada.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await paper();
    await choose('menuitemradio', 'Dark');
    assert.notEqual(await paper(), light);
    await ada.page.reload();
    await ada.writing();
    assert.notEqual(await paper(), light);

    await choose('menuitem', 'Your name…');
    await ada.page.getByRole('textbox', { name: 'Your name' }).fill('Ada Lovelace');
    await ada.page.keyboard.press('Enter');
    await until('the other sees the name', async () =>
      ((await grace.page.locator('.people').getAttribute('title')) ?? '').includes('Ada Lovelace'),
    );
    await ada.page.reload();
    await ada.writing();
    await until('the name is kept', async () =>
      ((await ada.page.locator('.people').getAttribute('title')) ?? '').startsWith('Ada Lovelace'),
    );
    await ada.leave();
    await grace.leave();
  });

  it('stands beside an outline, which leads to headings, marks the one that is read, and goes along with the reader', async () => {
    const parts = Array.from({ length: 60 }, (_, part) => `## Part ${part}\n\n${'Many words stand here. '.repeat(60)}\n`);
    await pages.create({ name: 'long', markdown: parts.join('\n') });
    const ada = await pages.visit('/d/long', { viewport: { width: 1400, height: 700 }, reducedMotion: 'reduce' });
    await ada.writing();
    const outline = ada.page.getByRole('navigation', { name: 'Outline' });
    const current = outline.locator('[aria-current="true"]');
    await outline.getByRole('button', { name: 'Part 50' }).click();
    await until('it is marked', async () => (await current.textContent()) === 'Part 50');
    const heading = (await ada.page.locator('inkwire-editor h2').nth(50).boundingBox())!;
    assert.ok(heading.y > 0 && heading.y < 300, String(heading.y));
    await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.editor!.commands.insertContent('The '));
    await until('it is written into', async () => (await outline.getByRole('button').nth(50).textContent()) === 'The Part 50');
    await ada.page.evaluate(() => scrollTo(0, 0));
    await until('the reader is above them all', async () => (await current.count()) === 0);
    await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.shadowRoot!.querySelectorAll('h2')[40]!.scrollIntoView());
    await until('the marked one is in sight', async () => {
      const [box, mark] = [await outline.boundingBox(), await current.boundingBox()];
      return (
        (await current.textContent()) === 'Part 40' &&
        box !== null &&
        mark !== null &&
        mark.y >= box.y &&
        mark.y + mark.height <= box.y + box.height
      );
    });
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('deletes, goes back to the list and says so', async () => {
    await pages.create({ name: 'away', title: 'Away' });
    const ada = await pages.visit('/d/away');
    await ada.writing();
    await ada.page.getByRole('button', { name: 'Document menu' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete document…' }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await ada.page.getByText('Deleted “Away”').waitFor();
    await ada.page.getByRole('heading', { name: 'Documents' }).waitFor();
    assert.equal(new URL(ada.page.url()).pathname, '/');
    await ada.leave();
  });
});
