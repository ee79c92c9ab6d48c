import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { equation, toTypst } from '../../../../document/formats/to-typst.ts';
import { InkwireError } from '../../../../protocol/errors.ts';
import type { Export } from '../../files/converter.ts';
import type { Picture } from '../../files/pictures.ts';
import { shownSize } from '../../files/pictures.ts';

const A4 = { paper: 'a4', marginMm: 25 } as const;
const PAPER_MM = { a3: 297, a4: 210, a5: 148, letter: 215.9, legal: 215.9 } as const;
const PX_PER_MM = 96 / 25.4;

/** A document as PDF, tagged for readers of the screen, set by Typst in this thread. Throws `unknown-format` where there is no Typst. */
export const toPdf: Export = async ({ content, title, picture, as: { page = A4, fonts = [] } }, warn) => {
  const compiler = await startCompiler(fonts);
  const files = new Map<Picture, string>();
  const paths = new Map<unknown, Picture | null>();
  const sound = new Map<string, boolean>();
  const textWidth = (PAPER_MM[page.paper] - 2 * page.marginMm) * PX_PER_MM;
  const source = toTypst(content(), title, {
    warn,
    marginMm: page.marginMm,
    paper: page.paper === 'letter' || page.paper === 'legal' ? `us-${page.paper}` : page.paper,
    isSound: (math) => {
      const known = sound.get(math) ?? isSound(compiler, math);
      sound.set(math, known);
      return known;
    },
    picture(attrs) {
      if (!paths.has(attrs.src)) paths.set(attrs.src, picture(attrs.src));
      const found = paths.get(attrs.src) ?? null;
      // Typst draws no AVIF.
      if (found === null || found.type === 'avif') return null;
      const path = files.get(found) ?? `/picture-${files.size + 1}.${found.type}`;
      files.set(found, path);
      return { path, width: shownSize(found, attrs, textWidth).width };
    },
  });
  if (source.length > MAX_SOURCE_LENGTH)
    throw new InkwireError(
      'content-too-complex',
      'The document is too long for a PDF, which some 1,000 pages may have. Every other format takes it.',
    );
  for (const [{ bytes }, path] of files) compiler.mapShadow(`${WORKSPACE}${path}`, Buffer.from(bytes));
  try {
    return new Uint8Array(compiler.pdf({ mainFileContent: source }));
  } catch (error) {
    throw refused(error);
  } finally {
    compiler.resetShadow();
    compiler.evictCache(0);
  }
};

/** Characters of what Typst is given: 1,000 pages took it 480 MB, which no limit of a thread's memory counts, and 6 s, in which no thread can be stopped. */
const MAX_SOURCE_LENGTH = 3_000_000;

/** Typst stops where blocks lie within each other too deeply for it, which is less than a document may have. */
function refused(error: unknown): unknown {
  const said = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (!/maximum .*depth exceeded/.test(said)) return error;
  return new InkwireError('content-too-complex', 'The content is nested too deeply for a PDF. Every other format takes it.', {
    cause: error,
  });
}

/** Files are looked for here, where there are none but those that were handed over. */
const WORKSPACE = '/document';

const FONTS = ['@expo-google-fonts/noto-naskh-arabic', '@expo-google-fonts/noto-serif-hebrew'];

/** Started once in a thread: it reads every font there is. The folders are the server's, which do not change. */
let started: NodeCompiler | null = null;

async function startCompiler(fonts: readonly string[]): Promise<NodeCompiler> {
  if (started !== null) return started;
  try {
    const { NodeCompiler } = await import('@myriaddreamin/typst-ts-node-compiler');
    started = NodeCompiler.create({ workspace: WORKSPACE, fontArgs: [{ fontPaths: fontFolders(fonts) }] });
    return started;
  } catch (error) {
    const detail = 'PDF needs Typst, which there is not for this platform. Every other format can be exported.';
    throw new InkwireError('unknown-format', detail, { cause: error });
  }
}

/** Where the fonts lie that are installed beside the server, and those an operator adds. */
function fontFolders(own: readonly string[]): string[] {
  const { resolve } = createRequire(import.meta.url);
  const shipped = FONTS.flatMap((name) => {
    try {
      return [dirname(resolve(`${name}/package.json`))];
    } catch {
      return [];
    }
  });
  return [...shipped, ...own.filter((path) => existsSync(path))];
}

function isSound(compiler: NodeCompiler, math: string): boolean {
  return !compiler.compile({ mainFileContent: `#${equation(math, false)}` }).hasError();
}
