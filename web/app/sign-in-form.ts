import { h } from '../dom.ts';
import { refusalWords, signIn } from './account.ts';
import { showModal } from './dialogs.ts';

/**
 * A field to paste a token in. `why` is the code of the refusal that led here; `onDone` is called once the
 * server knows the token, `onCancel`, where there is something to go back to, when somebody has none.
 */
export function signInForm(why: string, onDone: () => void, onCancel?: () => void): HTMLFormElement {
  const problem = h('p', { class: 'problem', id: 'sign-in-problem', role: 'alert' });
  const input = h('input', {
    type: 'password',
    id: 'sign-in-token',
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
    autofocus: true,
    'aria-describedby': 'sign-in-problem',
  });
  const submit = h('button', { class: 'button filled' }, 'Sign in');
  const words = refusalWords(why);
  return h(
    'form',
    {
      class: 'sign-in',
      onsubmit: (event) => {
        event.preventDefault();
        submit.disabled = true;
        problem.textContent = '';
        signIn(input.value.trim()).then(onDone, (error: unknown) => {
          submit.disabled = false;
          problem.textContent = error instanceof Error ? error.message : 'The server did not take that token.';
          input.select();
        });
      },
    },
    words !== '' && h('p', { class: 'why' }, words),
    h(
      'p',
      {},
      'A token comes from the application that sent you here, or from whoever runs this server: ',
      h('code', {}, 'inkwire token'),
      ' prints one.',
    ),
    h('label', { for: 'sign-in-token' }, 'Token'),
    input,
    problem,
    h(
      'div',
      { class: 'actions' },
      onCancel !== undefined && h('button', { class: 'button', type: 'button', onclick: onCancel }, 'Cancel'),
      submit,
    ),
  );
}

/** Asks for a token over the page, which stays as it is. True when somebody signed in. */
export async function signInDialog(): Promise<boolean> {
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, h('h2', { id: 'dialog-title' }, 'Sign in again'));
  dialog.append(
    signInForm(
      '',
      () => dialog.close('yes'),
      () => dialog.close(''),
    ),
  );
  return (await showModal(dialog)) === 'yes';
}
