import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ContentNode } from '../../document/content.ts';
import { clipboardFixtures } from '../clipboard/fixtures.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { FirefoxTab, firefoxExecutable } from './firefox.ts';

const executable = firefoxExecutable();

describe('what a writer pastes in Firefox', { skip: executable === undefined && 'no Firefox on this machine' }, () => {
  let server: ServerProcess;
  let tab: FirefoxTab;
  before(async () => {
    server = await ServerProcess.start();
    const response = await fetch(`${server.url}/api/documents`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'pasted', markdown: 'x' }),
    });
    assert.equal(response.status, 201);
    tab = await FirefoxTab.open(executable!);
    await tab.goto(`${server.url}/`);
    await tab.evaluate((guest) => localStorage.setItem('inkwire.guest', JSON.stringify(guest)), { id: 'ada', name: 'Ada' });
    await tab.goto(`${server.url}/d/pasted`);
    await until('the document is there', () =>
      tab.evaluate(() => document.querySelector('inkwire-editor')?.editor?.isEditable === true, null),
    );
  });
  after(async () => {
    await tab?.close();
    await server?.dispose();
  });

  /** Puts flavours on the real clipboard, as the program that they come from does. */
  async function copy(flavours: Readonly<Record<string, string>>): Promise<void> {
    const isCopied = await tab.evaluate((given) => {
      const { view } = document.querySelector('inkwire-editor')!.editor!;
      view.dom.blur();
      const put = (event: ClipboardEvent) => {
        for (const [type, text] of Object.entries(given)) event.clipboardData!.setData(type, text);
        event.preventDefault();
        event.stopImmediatePropagation();
      };
      window.addEventListener('copy', put, { capture: true, once: true });
      return document.execCommand('copy');
    }, flavours);
    assert.equal(isCopied, true, 'the clipboard could be written');
  }

  async function pasteOverAll(): Promise<void> {
    await tab.evaluate(() => {
      const { editor } = document.querySelector('inkwire-editor')!;
      editor!.commands.clearContent();
      editor!.view.focus();
    }, null);
    await tab.control('v');
  }

  async function untilReads(what: string, content: ContentNode): Promise<void> {
    let last: string | null = '';
    const isRead = async () => {
      last = await tab.evaluate((expected) => {
        const { editor } = document.querySelector('inkwire-editor')!;
        return editor!.schema.nodeFromJSON(expected).eq(editor!.state.doc) ? null : JSON.stringify(editor!.getJSON());
      }, content);
      return last === null;
    };
    await until(`${what} reads as meant`, isRead, 10_000).catch(() => assert.fail(`${what}: ${last}`));
  }

  it('reads as the server reads it, from every program there is a fixture of', async () => {
    for (const { name, html, content } of clipboardFixtures()) {
      await copy({ 'text/html': html, 'text/plain': 'the same as text' });
      await pasteOverAll();
      await untilReads(name, content);
    }
  });

  it('stays as it is when it is copied here and pasted here', async () => {
    for (const { name, content } of clipboardFixtures()) {
      await tab.evaluate((given) => {
        const { editor } = document.querySelector('inkwire-editor')!;
        editor!.commands.setContent(given);
        editor!.view.focus();
        editor!.commands.selectAll();
      }, content);
      await tab.control('c');
      await pasteOverAll();
      await untilReads(name, content);
    }
  });

  it('is taken back by an undo, and what is typed stands where the caret is', async () => {
    await copy({ 'text/html': '<p>one <b>two</b></p>', 'text/plain': 'one two' });
    await pasteOverAll();
    await tab.type(' three');
    await tab.control('b');
    const words = (...content: object[]) => ({ type: 'doc', content: [{ type: 'paragraph', content }] }) as ContentNode;
    const bold = { type: 'text', marks: [{ type: 'bold' }] };
    await untilReads('typing', words({ type: 'text', text: 'one ' }, { ...bold, text: 'two three' }));
    await tab.control('z');
    await untilReads('an undo', words({ type: 'text', text: 'one ' }, { ...bold, text: 'two' }));
  });
});
