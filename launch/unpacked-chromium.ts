import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './node.mjs';
import { runQuietly } from './run-quietly.ts';

/**
 * Unpacks the Chromium of `@sparticuz/chromium` into `folder`. It is built for AWS Lambda and brings
 * its own libraries and one font, so it runs on a bare Debian.
 */
export async function unpackedChromium(folder: string): Promise<{ executablePath: string; env: Record<string, string> }> {
  // A half-unpacked browser of an interrupted run would be taken for a whole one.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const module = pathToFileURL(join(root, 'e2e/node_modules/@sparticuz/chromium/build/esm/index.js')).href;
  // In a process of its own: the package unpacks to the TMPDIR it was started with, and only unpacks
  // its libraries where it believes to be on Lambda.
  const script = `
    process.env.TMPDIR = ${JSON.stringify(folder)};
    process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
    const { default: chromium } = await import(${JSON.stringify(module)});
    await chromium.executablePath();`;
  await runQuietly('unpacking Chromium', ['--input-type=module', '--eval', script], root);
  // Another user of the same clone may run it too.
  chmodSync(join(folder, 'chromium'), 0o755);
  const fonts = join(folder, 'fonts');
  useFontsHere(fonts);
  return {
    executablePath: join(folder, 'chromium'),
    env: { FONTCONFIG_PATH: fonts, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') },
  };
}

/** The package's `fonts.conf` looks for fonts in Lambda's /tmp; where none is found, text has no height. */
function useFontsHere(fonts: string): void {
  const file = join(fonts, 'fonts.conf');
  const here = fonts.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const settings = readFileSync(file, 'utf8')
    .replace(/<dir[^>]*>.*?<\/dir>/gs, '')
    .replace(/<cachedir[^>]*>.*?<\/cachedir>/gs, '')
    .replace(/(<fontconfig>)/, `$1<dir>${here}</dir><cachedir>${here}/cache</cachedir>`);
  writeFileSync(file, settings);
}
