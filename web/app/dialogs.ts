import { h } from '../dom.ts';
import { MAX_GUEST_NAME } from '../element/guest.ts';

interface Question {
  readonly title: string;
  readonly body: string;
  readonly confirm: string;
  readonly danger?: boolean;
}

/** Asks before something that cannot be undone; the focus starts on the way out. */
export function confirmDialog({ title, body, confirm, danger = false }: Question): Promise<boolean> {
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'dialog-title' },
    h('h2', { id: 'dialog-title' }, title),
    h('p', {}, body),
    h(
      'form',
      { method: 'dialog', class: 'actions' },
      h('button', { class: 'button', value: '', autofocus: true }, 'Cancel'),
      h('button', { class: danger ? 'button filled danger' : 'button filled', value: 'yes' }, confirm),
    ),
  );
  return show(dialog).then((answer) => answer === 'yes');
}

/** Asks for the name others see; `null` when it was left as it is. */
export async function nameDialog(name: string): Promise<string | null> {
  const input = h('input', {
    value: name,
    maxlength: MAX_GUEST_NAME,
    autocomplete: 'nickname',
    'aria-label': 'Your name',
    autofocus: true,
  });
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'dialog-title' },
    h('h2', { id: 'dialog-title' }, 'Your name'),
    h('p', {}, 'Others see it at your cursor. It is kept in this browser.'),
    h(
      'form',
      { method: 'dialog' },
      input,
      h(
        'div',
        { class: 'actions' },
        h('button', { class: 'button', value: '', type: 'button', onclick: () => dialog.close('') }, 'Cancel'),
        h('button', { class: 'button filled', value: 'yes' }, 'Use this name'),
      ),
    ),
  );
  const answer = show(dialog);
  input.select();
  return (await answer) === 'yes' ? input.value : null;
}

function show(dialog: HTMLDialogElement): Promise<string> {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}
