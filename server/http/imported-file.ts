import { type Format, formatOfMediaType, importFormats } from '../../document/formats/format.ts';
import { InkwireError } from '../../protocol/errors.ts';

/** The media types of files that documents can be made from. */
export const importTypes: readonly string[] = importFormats.flatMap(({ mediaTypes }) => mediaTypes);

/** The format that a body's `Content-Type` names. Throws `unsupported-media-type`, with the types that `accepted` lists, for one that cannot be imported. */
export function importFormatOf(contentType: string | undefined, accepted: readonly string[] = importTypes): Format {
  const format = formatOfMediaType(contentType ?? '');
  if (format?.import === true) return format;
  const given = contentType === undefined ? 'Content-Type must say what the body is' : `${contentType} cannot be imported`;
  throw new InkwireError('unsupported-media-type', `${given}; send one of ${accepted.join(', ')}.`);
}
