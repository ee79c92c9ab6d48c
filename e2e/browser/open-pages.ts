import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { browserExecutable } from '../../launch/browser.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';

/** Longest wait for anything to appear, ms; two cores may be busy with other tests. */
const PATIENCE_MS = 30_000;
const DESK = { width: 1280, height: 860 };

/** A server on an embedded database and a browser, for one test file. */
export class Pages {
  readonly server: ServerProcess;
  readonly #browser: Browser;
  readonly #scratch: string;

  private constructor(server: ServerProcess, browser: Browser, scratch: string) {
    this.server = server;
    this.#browser = browser;
    this.#scratch = scratch;
  }

  /** `settings` are the server’s, as environment. */
  static async open(settings: Record<string, string> = {}): Promise<Pages> {
    const { executablePath, args, env } = await browserExecutable();
    // Chromium writes files through temporary ones, and leaves behind what it is writing as it ends.
    const scratch = await mkdtemp(join(tmpdir(), 'inkwire-browser-'));
    const browser = await chromium.launch({
      executablePath,
      args,
      env: { ...process.env, ...env, TMPDIR: scratch } as Record<string, string>,
    });
    try {
      return new Pages(await ServerProcess.start(settings), browser, scratch);
    } catch (error) {
      await closeBrowser(browser, scratch);
      throw error;
    }
  }

  /** A tab of somebody new: nothing stored, nothing shared with other tabs. `guest` is the name they chose before. */
  async visit(path: string, options: BrowserContextOptions & { guest?: string } = {}): Promise<Visitor> {
    const { guest, ...rest } = options;
    const context = await this.#browser.newContext({ viewport: DESK, baseURL: this.server.url, locale: 'en-GB', ...rest });
    if (guest !== undefined) {
      await context.addInitScript((name) => {
        if (localStorage.getItem('inkwire.guest') === null)
          localStorage.setItem('inkwire.guest', JSON.stringify({ id: `id of ${name}`, name }));
      }, guest);
    }
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(path);
    return visitor;
  }

  /** Creates a document over HTTP. */
  async create(document: { name: string; title?: string; markdown?: string }, token?: string): Promise<void> {
    const response = await fetch(`${this.server.url}/api/documents`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...bearer(token) },
      body: JSON.stringify(document),
    });
    if (response.status !== 201) throw new Error(`The document was not created: ${response.status} ${await response.text()}`);
  }

  /** Replaces a document's content over HTTP. */
  async replace(name: string, markdown: string): Promise<void> {
    const response = await fetch(`${this.server.url}/api/documents/${encodeURIComponent(name)}/content`, {
      method: 'PUT',
      headers: { 'Content-Type': 'text/markdown' },
      body: markdown,
    });
    if (!response.ok) throw new Error(`The content was not replaced: ${response.status} ${await response.text()}`);
  }

  /** What the server exports. */
  async exported(name: string, format: string, token?: string): Promise<string> {
    const url = `${this.server.url}/api/documents/${encodeURIComponent(name)}/export?format=${format}`;
    return (await fetch(url, { headers: bearer(token) })).text();
  }

  async close(): Promise<void> {
    await closeBrowser(this.#browser, this.#scratch);
    await this.server.dispose();
  }
}

async function closeBrowser(browser: Browser, scratch: string): Promise<void> {
  await browser.close();
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** One person's tab, and everything the browser complained about in it. */
export class Visitor {
  readonly page: Page;
  /** Console errors and warnings, uncaught exceptions, refusals by the content security policy. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.stack ?? error.message}`));
  }

  /** The text area; resolves once the document is on the screen. */
  async writing() {
    const area = this.page.locator('inkwire-editor .ProseMirror');
    await area.waitFor();
    // Its toolbar is fetched beside it; keys that open menus need it.
    await this.page.getByRole('toolbar', { name: 'Formatting' }).waitFor();
    return area;
  }

  /** The document's text, a line per block, without carets and menus. */
  async text(): Promise<string> {
    return this.page.evaluate(() => document.querySelector('inkwire-editor')?.editor?.getText({ blockSeparator: '\n' }) ?? '');
  }

  /** The document's Markdown, as the editor gives it. */
  markdown(): Promise<string> {
    return this.page.evaluate(() => document.querySelector('inkwire-editor')!.getMarkdown());
  }

  /** What is shown, as JSON; rejects where the schema does not allow it. */
  validJson(): Promise<string> {
    return this.page.evaluate(() => {
      const { doc } = document.querySelector('inkwire-editor')!.editor!.state;
      doc.check();
      return JSON.stringify(doc.toJSON());
    });
  }

  /** Puts the caret behind some words. */
  behind(words: string): Promise<void> {
    return this.page.evaluate((wanted) => {
      const { editor } = document.querySelector('inkwire-editor')!;
      let at = -1;
      editor!.state.doc.descendants((node, position) => {
        const index = node.isTextblock ? node.textContent.indexOf(wanted) : -1;
        if (at < 0 && index >= 0) at = position + 1 + index + wanted.length;
      });
      editor!.view.focus();
      editor!.commands.setTextSelection(at);
    }, words);
  }

  /** The status in the bar. */
  async word(): Promise<string> {
    return this.page.locator('.status').innerText();
  }

  /** Puts the cursor, or a selection, at positions of the editor's document; keys would race with carets that arrive. */
  async select(from: number | 'end', to: number | 'end' = from): Promise<void> {
    await this.page.evaluate(
      ([start, stop]) => {
        const editor = document.querySelector('inkwire-editor')!.editor!;
        const at = (position: number | 'end') => (position === 'end' ? editor.state.doc.content.size - 1 : position);
        editor.view.focus();
        editor.commands.setTextSelection({ from: at(start), to: at(stop) });
      },
      [from, to] as const,
    );
  }

  async untilText(text: string): Promise<void> {
    await this.#until(() => this.text(), text);
  }

  async untilWord(word: string): Promise<void> {
    await this.#until(() => this.word(), word);
  }

  async #until(read: () => Promise<string>, wanted: string): Promise<void> {
    let seen = '';
    await until(
      `${JSON.stringify(wanted)} is shown`,
      async () => {
        seen = await read();
        return seen === wanted;
      },
      PATIENCE_MS,
    ).catch((error: Error) => {
      throw new Error(
        `${error.message} Seen at last: ${JSON.stringify(seen)}. The browser said: ${this.complaints.join('; ') || 'nothing'}`,
      );
    });
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
