import type { Visitor } from './open-pages.ts';

/** A file as it crosses into the page. */
export interface TransferredFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What a clipboard or a drag holds. */
export interface Transferred {
  readonly files?: readonly TransferredFile[];
  readonly html?: string;
  readonly text?: string;
}

/** Pastes at the selection, by an event as the browser makes it. */
export function paste(visitor: Visitor, what: Transferred): Promise<void> {
  return hand(visitor, what, null);
}

/** Drops at a point of the window. */
export function drop(visitor: Visitor, what: Transferred, at: { x: number; y: number }): Promise<void> {
  return hand(visitor, what, at);
}

async function hand(
  { page }: Visitor,
  { files = [], html = '', text = '' }: Transferred,
  at: { x: number; y: number } | null,
): Promise<void> {
  const encoded = files.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString('base64') }));
  await page.evaluate(
    ({ encoded, html, text, at }) => {
      const transfer = new DataTransfer();
      if (html !== '') transfer.setData('text/html', html);
      if (text !== '') transfer.setData('text/plain', text);
      for (const { name, type, base64 } of encoded) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
      }
      const { view } = document.querySelector('inkwire-editor')!.editor!;
      const common = { bubbles: true, cancelable: true, composed: true };
      if (at === null) view.dom.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: transfer }));
      else {
        const options = { ...common, dataTransfer: transfer, clientX: at.x, clientY: at.y };
        const target = view.dom.getRootNode() as ShadowRoot;
        (target.elementFromPoint(at.x, at.y) ?? view.dom).dispatchEvent(new DragEvent('drop', options));
      }
    },
    { encoded, html, text, at },
  );
}
