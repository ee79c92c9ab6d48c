import { PICTURE_TYPES } from '../../../protocol/assets.ts';
import { h } from '../../dom.ts';

/** Lets the person choose files of their device; on a phone also from its camera. To be called from a press or a key. */
export function pickFiles(kind: 'pictures' | 'files', onPicked: (files: File[]) => void): void {
  // Named one by one: a phone turns its own kinds of pictures into one of these then.
  const input = h('input', { type: 'file', multiple: true, accept: kind === 'pictures' ? PICTURE_TYPES.join(',') : null });
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) onPicked(files);
  });
  input.click();
}
