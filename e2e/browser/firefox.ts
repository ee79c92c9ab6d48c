import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

type Reply = { id?: number; type: string; error?: string; message?: string; result: Record<string, unknown> };

const CONTROL = '\uE009';
const NAMES = ['firefox', 'firefox-esr'];
// A first start shows pages of its own, and asks for updates.
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

/** Where a Firefox is: named by `INKWIRE_FIREFOX`, else the system's. None is fetched. */
export function firefoxExecutable(): string | undefined {
  const named = process.env.INKWIRE_FIREFOX;
  if (named !== undefined) return named;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...paths, '/Applications/Firefox.app/Contents/MacOS/firefox'].find((path) => existsSync(path));
}

/**
 * One tab of a Firefox, driven by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/). Playwright
 * drives Firefox releases from 143 on only, and Debian's is older.
 */
export class FirefoxTab {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;
  #context = '';

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  static async open(executable: string): Promise<FirefoxTab> {
    const profile = await mkdtemp(join(tmpdir(), 'inkwire-firefox-'));
    const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`);
    await writeFile(join(profile, 'user.js'), lines.join(''));
    const args = ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile];
    const env = { ...process.env, HOME: profile, TMPDIR: profile };
    const child = spawn(executable, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
    try {
      const socket = new WebSocket(`${await listening(child)}/session`);
      const tab = new FirefoxTab(child, profile, socket);
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve);
        socket.addEventListener('error', () => reject(new Error('Firefox refused its remote control.')));
      });
      await tab.#send('session.new', { capabilities: {} });
      const { contexts } = (await tab.#send('browsingContext.getTree', {})) as { contexts: { context: string }[] };
      tab.#context = contexts[0]!.context;
      return tab;
    } catch (error) {
      child.kill();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
      throw error;
    }
  }

  async goto(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  /** Calls a function in the page; what goes in and comes out is JSON. */
  async evaluate<I, O>(call: (given: I) => O | Promise<O>, given: I): Promise<O> {
    const answer = await this.#send('script.callFunction', {
      functionDeclaration: `async (given) => JSON.stringify(await (${call})(JSON.parse(given))) ?? 'null'`,
      arguments: [{ type: 'string', value: JSON.stringify(given) }],
      target: { context: this.#context },
      awaitPromise: true,
      userActivation: true,
    });
    const { result, exceptionDetails } = answer as { result: { value: string }; exceptionDetails?: { text: string } };
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }

  /** Types, as a person at the keyboard. */
  async type(keys: string): Promise<void> {
    await this.#press([...keys].flatMap((value) => [key('keyDown', value), key('keyUp', value)]));
  }

  /** Presses a letter while Control is held. */
  async control(letter: string): Promise<void> {
    await this.#press([key('keyDown', CONTROL), key('keyDown', letter), key('keyUp', letter), key('keyUp', CONTROL)]);
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.#send('browser.close', {}).catch(() => this.#process.kill());
    await ended;
    this.#socket.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #press(actions: object[]): Promise<void> {
    await this.#send('input.performActions', { context: this.#context, actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  async #send(method: string, params: object): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const answered = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const reply = await answered;
    this.#waiting.delete(id);
    if (reply.type === 'error') throw new Error(`${method}: ${reply.error}: ${reply.message}`);
    return reply.result;
  }
}

const key = (type: 'keyDown' | 'keyUp', value: string) => ({ type, value });

async function listening(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stderr! });
  for await (const line of lines) {
    const url = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr!.resume();
    return url;
  }
  throw new Error('Firefox ended before it could be driven.');
}
