/** A clipboard or a drag, as far as it is looked at. */
interface Transfer {
  readonly files: Iterable<File>;
  readonly items: Iterable<{ readonly kind: string; webkitGetAsEntry?: () => { readonly isDirectory: boolean } | null }>;
  getData(format: string): string;
}

/**
 * The files of a clipboard or drag that are to be uploaded. None where HTML says more than its picture: Word and Excel put a
 * picture of the text beside the text. A browser that copies a picture puts its address beside it, which says less.
 */
export function filesIn(transfer: Transfer): File[] {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const files = [...transfer.files].filter((_, index) => items[index]?.webkitGetAsEntry?.()?.isDirectory !== true);
  return files.length === 0 || saysMore(transfer.getData('text/html')) ? [] : files;
}

function saysMore(html: string): boolean {
  if (html === '') return false;
  // Inert: nothing of it is fetched or run.
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return body.textContent.trim() !== '' || body.querySelector('table, hr, math') !== null || body.querySelectorAll('img').length > 1;
}
