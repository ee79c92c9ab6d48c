import { formats, importFormats, listFormats } from '../../document/formats/format.ts';

/** A file as the server takes it. */
export interface FileToImport {
  readonly body: Blob;
  readonly mediaType: string;
  /** What the document is called when the file itself does not say; `null` when it does. */
  readonly title: string | null;
}

/** How a file is to be imported, by its name and how it begins; or why it cannot be. */
export async function fileToImport(file: File): Promise<FileToImport | { readonly problem: string }> {
  const [, stem, extension = ''] = /^(.*?)(?:\.([^.]*))?$/s.exec(file.name)!;
  const known = importFormats.find(({ extension: own, name }) =>
    [own, name, ...(OTHER_EXTENSIONS[name] ?? [])].includes(extension.toLowerCase()),
  );
  if (known === undefined) {
    const other = formats.find(({ extension: own }) => own === extension.toLowerCase());
    return { problem: `${other?.label ?? 'This kind of file'} cannot be imported; ${listFormats(importFormats)} can.` };
  }
  const begins = await file.slice(0, HEAD_BYTES).text();
  const saysItself = known.name === 'yjs' || known.name === 'epub' || TITLED[known.name]?.test(begins) === true;
  const title = saysItself ? null : (stem ?? null);
  // JSON is the envelope of the API itself: a document in it is a member.
  const body = known.name === 'json' ? new Blob(['{"content":', file, '}']) : file;
  return { body, mediaType: known.mediaTypes[0], title };
}

const OTHER_EXTENSIONS: Readonly<Record<string, readonly string[]>> = { markdown: ['mdown', 'mkd'], html: ['htm', 'xhtml'] };

/** Enough to see a title at the start, bytes. */
const HEAD_BYTES = 64 * 1024;

/** How a file of each format begins that carries a title. */
const TITLED: Readonly<Record<string, RegExp>> = {
  markdown: /^\uFEFF?(?:---\r?\n[\s\S]*?\n---\s*)?\s*#[ \t]+\S/,
  html: /<title>\s*[^<\s]/i,
};

/** What the file chooser offers. */
export const IMPORTABLE = importFormats
  .flatMap(({ extension, name }) => [extension, ...(OTHER_EXTENSIONS[name] ?? [])])
  .map((extension) => `.${extension}`)
  .join(',');
