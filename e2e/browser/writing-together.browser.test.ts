import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { Pages } from './open-pages.ts';

describe('two people in one document', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
  });
  after(async () => {
    await pages?.close();
  });

  it('[S1] [D1] write at once, see the same, and a reload shows what was saved', async () => {
    await pages.create({ name: 'both', markdown: 'First paragraph.\n\nSecond paragraph.\n' });
    const ada = await pages.visit('/d/both', { guest: 'Ada' });
    const grace = await pages.visit('/d/both', { guest: 'Grace' });
    await Promise.all([ada.writing(), grace.writing()]);
    await ada.select('First paragraph.'.length + 1);
    await grace.select('end');
    await Promise.all([ada.page.keyboard.type(' Ada was here.', { delay: 5 }), grace.page.keyboard.type(' Grace was here.', { delay: 5 })]);
    const both = 'First paragraph. Ada was here.\nSecond paragraph. Grace was here.';
    await Promise.all([ada.untilText(both), grace.untilText(both)]);
    await Promise.all([ada.untilWord('Saved'), grace.untilWord('Saved')]);
    assert.equal(await pages.exported('both', 'text'), both);

    await ada.page.reload();
    await ada.untilText(both);
    for (const visitor of [ada, grace]) {
      assert.deepEqual(visitor.complaints, []);
      await visitor.leave();
    }
  });

  it('[P2] see each other’s caret, name and selection, and lose them when the other leaves', async () => {
    await pages.create({ name: 'carets', markdown: 'Some words to point at.\n' });
    const ada = await pages.visit('/d/carets', { guest: 'Ada' });
    const grace = await pages.visit('/d/carets', { guest: 'Grace' });
    await ada.writing();
    await grace.writing();
    await grace.select(1, 'end');

    const caret = ada.page.locator('inkwire-editor .caret');
    await caret.waitFor();
    assert.equal(await caret.locator('.flag').textContent(), 'Grace');
    assert.equal(await caret.getAttribute('aria-hidden'), 'true');
    await until(
      'the selection is washed',
      async () => (await ada.page.locator('inkwire-editor .wash').allTextContents()).join('') === 'Some words to point at.',
    );
    const people = ada.page.locator('.people');
    assert.equal(await people.getAttribute('title'), 'Ada and Grace are here');

    await grace.leave();
    await caret.waitFor({ state: 'detached' });
    await until('Ada is alone', async () => (await people.getAttribute('title')) === 'Ada is here');
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('undo takes back one’s own edits only', async () => {
    await pages.create({ name: 'undo', markdown: 'Start\n' });
    const ada = await pages.visit('/d/undo', { guest: 'Ada' });
    const grace = await pages.visit('/d/undo', { guest: 'Grace' });
    await ada.writing();
    await ada.select('end');
    // At once: letters that a busy machine takes seconds for are several steps to undo.
    await ada.page.keyboard.insertText(' Ada');
    await grace.writing();
    await grace.untilText('Start Ada');
    await grace.select(1);
    await grace.page.keyboard.type('Grace ');
    await ada.untilText('Grace Start Ada');
    await ada.page.keyboard.press('ControlOrMeta+z');
    await grace.untilText('Grace Start');
    await ada.page.keyboard.press('ControlOrMeta+Shift+z');
    await grace.untilText('Grace Start Ada');
    await ada.leave();
    await grace.leave();
  });

  it('share the title', async () => {
    await pages.create({ name: 'titled' });
    const ada = await pages.visit('/d/titled');
    const grace = await pages.visit('/d/titled');
    await ada.writing();
    await grace.writing();
    await ada.page.getByLabel('Title').fill('Plan for spring');
    await until('the other sees it', async () => (await grace.page.getByLabel('Title').inputValue()) === 'Plan for spring');
    assert.equal(await grace.page.title(), 'Plan for spring · Inkwire');
    await ada.page.getByLabel('Title').press('Enter');
    await ada.page.keyboard.type('On with the text');
    await grace.untilText('On with the text');
    await ada.leave();
    await grace.leave();
  });
});
