import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Pages } from './open-pages.ts';
import { SECRET, tokenOf } from './tokens.ts';

describe('the page of the API', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open({ INKWIRE_SECRET: SECRET });
  });
  after(() => pages?.close());

  it('tries what it describes: with a token, a body, a file to keep, and a refusal', async () => {
    const token = await tokenOf({ sub: 'ada', name: 'Ada', access: { '*': 'admin' } });
    const ada = await pages.visit('/api/docs');
    const form = (method: string, path: string) => ada.page.locator(`form[data-method="${method}"][data-path="${path}"]`);
    const open = async (method: string, path: string) => {
      const found = form(method, path);
      await ada.page.locator('details.try', { has: found }).locator('summary').click();
      return found;
    };
    const create = await open('POST', '/api/documents');
    await create.locator('[name="body"]').fill('{"name":"tried/1","markdown":"Sow **early**."}');
    await create.getByRole('button', { name: 'Send' }).click();
    await create.locator('.status[data-ok="false"]', { hasText: '401' }).waitFor();
    await ada.page.locator('#token').fill(token);
    await create.getByRole('button', { name: 'Send' }).click();
    await create.locator('.status[data-ok="true"]', { hasText: '201' }).waitFor();
    const curl = await create.locator('.curl').innerText();
    assert.match(curl, /^curl -X POST -H "Authorization: Bearer \$INKWIRE_TOKEN" -H 'Content-Type: application\/json'/);
    assert.ok(!(await ada.page.locator('output').allInnerTexts()).join().includes(token));

    const exported = await open('GET', '/api/documents/{name}/export');
    await exported.locator('[name="path:name"]').fill('tried/1');
    await exported.locator('[name="query:format"]').fill('markdown');
    await exported.getByRole('button', { name: 'Send' }).click();
    await exported.locator('.answer', { hasText: 'Sow **early**.' }).waitFor();
    await exported.locator('[name="query:format"]').fill('docx');
    await exported.getByRole('button', { name: 'Send' }).click();
    const [download] = await Promise.all([ada.page.waitForEvent('download'), exported.getByText('Keep the file').click()]);
    assert.match(download.suggestedFilename(), /\.docx$/);

    const changes = await open('GET', '/api/documents/{name}/changes');
    await changes.locator('[name="path:name"]').fill('tried/1');
    await changes.getByRole('button', { name: 'Send' }).click();
    await changes.locator('.answer', { hasText: 'retry:' }).waitFor();
    await changes.getByRole('button', { name: 'Stop' }).click();
    await changes.locator('.status', { hasText: 'stopped' }).waitFor();
    assert.deepEqual(
      ada.complaints.filter((words) => !words.includes('401')),
      [],
    );
    await ada.leave();
  });
});
