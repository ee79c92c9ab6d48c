import { h } from '../dom.ts';
import { MAX_GUEST_NAME } from '../element/people/guest.ts';

/** Asks before a document is deleted for everyone, which cannot be undone; the focus starts on the way out. */
export function confirmDelete(title: string): Promise<boolean> {
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'dialog-title' },
    h('h2', { id: 'dialog-title' }, `Delete “${title}”?`),
    h('p', {}, 'It is deleted for everyone, also for those who have it open. This cannot be undone.'),
    h(
      'form',
      { method: 'dialog', class: 'actions' },
      h('button', { class: 'button', value: '', autofocus: true }, 'Cancel'),
      h('button', { class: 'button filled danger', value: 'yes' }, 'Delete'),
    ),
  );
  return showModal(dialog).then((answer) => answer === 'yes');
}

/** Asks for the name others see; `null` when it was left as it is. */
export async function nameDialog(name: string): Promise<string | null> {
  const { dialog, input } = nameForm(name, 'Your name', 'Others see it at your cursor. It is kept in this browser.', 'Use this name', true);
  const answer = showModal(dialog);
  input.select();
  return (await answer) === 'yes' ? input.value : null;
}

/** Asks a visitor, once, before they come in; leaving it keeps the name that was suggested. */
export async function introductionDialog(suggested: string): Promise<string> {
  const { dialog, input } = nameForm(
    suggested,
    'How should others see you?',
    'Your name stands at your cursor. You can change it later in the menu.',
    'Open the document',
    false,
  );
  const answer = showModal(dialog);
  input.select();
  return (await answer) === 'yes' ? input.value : suggested;
}

function nameForm(name: string, title: string, sentence: string, action: string, mayCancel: boolean) {
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
    h('h2', { id: 'dialog-title' }, title),
    h('p', {}, sentence),
    h(
      'form',
      { method: 'dialog' },
      input,
      h(
        'div',
        { class: 'actions' },
        mayCancel && h('button', { class: 'button', value: '', type: 'button', onclick: () => dialog.close('') }, 'Cancel'),
        h('button', { class: 'button filled', value: 'yes' }, action),
      ),
    ),
  );
  return { dialog, input };
}

/** Shows a dialog until it is closed, and removes it; resolves with what it was closed by. The browser gives the focus back. */
export function showModal(dialog: HTMLDialogElement): Promise<string> {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}
