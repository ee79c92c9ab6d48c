import { type Format, formatOfMediaType, importFormats, importMediaTypes } from '../../document/formats/format.ts';
import { InkwireError } from '../../protocol/errors.ts';

/** The media types of files that documents can be made from. */
export const importTypes: readonly string[] = importFormats.flatMap(importMediaTypes);

/** The format that a body's `Content-Type` names. Throws `unsupported-media-type`, with the types that `accepted` lists, for one that cannot be imported. */
export function importFormatOf(contentType: string | undefined, accepted: readonly string[] = importTypes): Format {
  const format = formatOfMediaType(contentType ?? '');
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  if (format?.import === true && importMediaTypes(format).includes(type)) return format;
  const given = contentType === undefined ? 'Content-Type must say what the body is' : `${contentType} cannot be imported`;
  throw new InkwireError('unsupported-media-type', `${given}; send one of ${accepted.join(', ')}.`);
}
