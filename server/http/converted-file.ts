import type { Assets } from '../ports/assets.ts';
import type { Asker, Conversions, Exported, ExportedAs } from '../ports/conversions.ts';
import { picturesOf } from './own-pictures.ts';

/** A document to be written down. */
interface ToConvert {
  readonly documentName: string;
  readonly format: string;
  /** Yjs updates (format V1). */
  readonly updates: readonly Uint8Array[];
  readonly title: string;
  readonly as: ExportedAs;
  readonly asker: Asker;
}

/** A document as a file, with its own pictures where the format holds pictures. Throws as `Conversions.toFormat` does. */
export async function convertedFile(
  { conversions, assets }: { readonly conversions: Pick<Conversions, 'toFormat'>; readonly assets: Assets },
  { documentName, format, updates, title, as, asker }: ToConvert,
): Promise<Exported> {
  const made = await conversions.toFormat(format, updates, title, as, asker);
  if (made.wanted === undefined) return made;
  const pictures = await picturesOf(assets, documentName, made.wanted);
  return conversions.toFormat(format, updates, title, { ...as, pictures }, asker);
}
