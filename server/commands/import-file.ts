import { type Format, fileMediaTypes, importFormats, listFormats } from '../../document/formats/format.ts';
import { CommandError } from './command.ts';

/** The file as the body of a request that makes a document: as it is, or inside of the API's own JSON. */
export function bodyOf(bytes: Uint8Array<ArrayBuffer>, format: Format, file: string): RequestInit {
  const text = format.text ? decoded(bytes, format, file) : null;
  const [type] = fileMediaTypes(format);
  if (type !== undefined) return { headers: { 'Content-Type': text === null ? type : `${type}; charset=utf-8` }, body: bytes };
  try {
    return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ content: JSON.parse(text ?? '') }) };
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}. Nothing was changed.`);
  }
}

function decoded(bytes: Uint8Array, format: Format, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(
      `${file} is not UTF-8 text, as ${format.label} is. Nothing was changed. Import reads ${listFormats(importFormats)}.`,
    );
  }
}
