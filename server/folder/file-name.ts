/** What every file of a synced document ends with. */
export const EXTENSION = '.md';

/** Letters that some system's file names cannot hold, and the sign that stands for those. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no file name holds.
const UNSAFE = /[\u0000-\u001f\u007f<>:"\\|?*%]|^\.|[. ]$/g;

/** Names that Windows keeps for devices. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** The path of a document's file below the folder, with "/" between its parts; `null` for a document that is not under the prefix. */
export function fileOf(name: string, prefix: string, extension = EXTENSION): string | null {
  if (!name.startsWith(prefix) || name.length === prefix.length) return null;
  const parts = name
    .slice(prefix.length)
    .split('/')
    .map((part) => (part === '' || DEVICE.test(part) ? `%${part}` : part.replace(UNSAFE, escaped)));
  return `${parts.join('/')}${extension}`;
}

/** The document of a file; `null` for a file that is none. */
export function nameOf(path: string, prefix: string, extension = EXTENSION): string | null {
  if (!path.endsWith(extension)) return null;
  const parts = path.slice(0, -extension.length).split('/');
  if (parts.some((part) => part === '' || part.startsWith('.'))) return null;
  const name = prefix + parts.map((part) => part.replace(/^%(?![0-9A-F]{2})/, '').replace(/%([0-9A-F]{2})/g, unescaped)).join('/');
  return fileOf(name, prefix, extension) === path ? name : null;
}

function escaped(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function unescaped(_: string, code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}
