import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ERRORS } from '../../protocol/errors.ts';
import { FrameType } from '../../protocol/frames.ts';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';
import { Wire } from './wire.ts';

describe('the status', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
  });
  after(async () => {
    await pages?.close();
  });

  const tapped = async (name: string): Promise<[Visitor, Wire]> => {
    const visitor = await pages.visit('/');
    const wire = await Wire.tap(visitor.page);
    await visitor.page.goto(`/d/${name}`);
    await visitor.writing();
    await visitor.untilWord('Saved');
    return [visitor, wire];
  };

  it('[D1] does not say Saved while an acknowledgement is outstanding, and warns before the page is closed', async () => {
    const [ada, wire] = await tapped('held');
    wire.hold(FrameType.SyncStatus);
    await ada.page.keyboard.type('abc');
    await until('the server has answered', () => wire.held === 3);
    await ada.untilWord('Saving…');
    await ada.page.keyboard.press('ControlOrMeta+s');
    await ada.page.getByText('3 edits on the way to the server.').waitFor();
    const asked = new Promise<string>((resolve) => {
      ada.page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.dismiss();
      });
    });
    await ada.page.close({ runBeforeUnload: true });
    assert.equal(await asked, 'beforeunload');
    assert.equal(await ada.word(), 'Saving…');

    wire.release();
    await ada.untilWord('Saved');
    await ada.page.keyboard.press('ControlOrMeta+s');
    await ada.page.getByText('Saved already – every keystroke is').waitFor();
    const closed = ada.page.waitForEvent('close');
    await ada.page.close({ runBeforeUnload: true });
    await closed;
    await ada.leave();
  });

  it('[D1] after a lost socket stays unsaved until every edit made without it is acknowledged', async () => {
    const [ada, wire] = await tapped('queue');
    wire.hold(FrameType.SyncStatus);
    await ada.page.keyboard.type('abc');
    await until('the server has answered', () => wire.held === 3);
    const answered = wire.held;
    await wire.close(4205);
    await until('the tab is back and the server has answered again', () => wire.held > answered);
    assert.notEqual(await ada.word(), 'Saved');
    wire.release();
    await ada.untilWord('Saved');
    assert.equal(await pages.exported('queue', 'text'), 'abc');
    await ada.leave();
  });

  it('[D4] says Offline while the server is dead, counts the edits, and saves them when it is back', async () => {
    await pages.create({ name: 'train' });
    const ada = await pages.visit('/d/train', { guest: 'Ada' });
    const grace = await pages.visit('/d/train', { guest: 'Grace' });
    await ada.writing();
    await grace.writing();
    await ada.page.keyboard.type('Before.');
    await grace.untilText('Before.');
    await ada.untilWord('Saved');
    await pages.server.kill9();
    await ada.page.keyboard.type(' On the train.');
    await until('the status says so', async () => (await ada.word()).startsWith('Offline · 1'));
    await ada.page
      .locator('inkwire-editor')
      .getByText(/The server does not answer\. Your last \d+ edits are in this tab/)
      .waitFor();
    assert.equal(await grace.text(), 'Before.');
    await pages.server.start();
    await ada.untilWord('Saved');
    await grace.untilText('Before. On the train.');
    assert.equal(await pages.exported('train', 'text'), 'Before. On the train.');
    await ada.leave();
    await grace.leave();
  });

  it('one goes offline and comes back while the other writes on', async () => {
    await pages.create({ name: 'tunnel', markdown: 'Shared.\n' });
    const ada = await pages.visit('/d/tunnel', { guest: 'Ada' });
    const grace = await pages.visit('/d/tunnel', { guest: 'Grace' });
    await Promise.all([ada.writing(), grace.writing()]);
    await ada.select('end');
    await grace.select(1);
    await grace.untilWord('Saved');

    await grace.page.context().setOffline(true);
    await grace.page.keyboard.type('Offline, ');
    await grace.untilWord('Saving…');
    await ada.page.keyboard.type(' Online.');
    await ada.untilWord('Saved');
    assert.equal(await grace.text(), 'Offline, Shared.');

    await grace.page.context().setOffline(false);
    await Promise.all([ada, grace].map((visitor) => visitor.untilText('Offline, Shared. Online.')));
    await grace.untilWord('Saved');
    await ada.leave();
    await grace.leave();
  });

  it('says Deleted when the document is, and stops editing', async () => {
    await pages.create({ name: 'gone', markdown: 'Words.\n' });
    const ada = await pages.visit('/d/gone');
    const area = await ada.writing();
    assert.equal((await fetch(`${pages.server.url}/api/documents/gone`, { method: 'DELETE' })).status, 204);
    await ada.untilWord('Deleted');
    await until('the text is read-only', async () => (await area.getAttribute('contenteditable')) === 'false');
    await ada.page.reload();
    await ada.untilWord('Deleted');
    await ada.page.locator('inkwire-editor').getByText('This document was deleted.').waitFor();
    await ada.leave();
  });

  it('[P1] keeps edits that were refused for the client id they are made under, and goes on under another', async () => {
    const [ada, wire] = await tapped('taken');
    wire.hold(FrameType.SyncStatus);
    await ada.page.keyboard.type('abc');
    await wire.close(ERRORS['client-id-taken'].close);
    await ada.untilWord('Changes rejected');
    const [before, offered] = await ada.page.evaluate(async () => {
      const element = document.querySelector('inkwire-editor')!;
      return [element.sharedDocument!.clientID, await element.getRejectedMarkdown()] as const;
    });
    assert.equal(offered, 'abc\n');
    wire.release();
    await ada.page.getByRole('button', { name: 'Discard and reload' }).click();
    await ada.page.getByRole('button', { name: 'Discard for good' }).click();
    await ada.untilWord('Saved');
    assert.notEqual(await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.sharedDocument!.clientID), before);
    await ada.leave();
  });

  it('brings a fresh token by itself when the one it had is good no more', async () => {
    const [ada, wire] = await tapped('expired-while-asleep');
    await wire.close(4440);
    await ada.untilWord('Reconnecting…');
    await ada.untilWord('Saved');
    await ada.leave();
  });

  it('asks to sign in again, and says when access was removed', async () => {
    for (const [code, word] of [
      [4401, 'Sign in again'],
      [4403, 'Access removed'],
    ] as const) {
      const [ada, wire] = await tapped(`refused-${code}`);
      await wire.refuse(code);
      await ada.untilWord(word);
      await ada.leave();
    }
  });
});
