import { h } from '../dom.ts';
import { showModal } from './dialogs.ts';

/** Says who can read and write on a server without tokens, and how to let others in. `copyLink` copies the address of the page. */
export async function openServerDialog(copyLink: (() => void) | null): Promise<void> {
  const dialog = h(
    'dialog',
    { class: 'wide', 'aria-labelledby': 'dialog-title' },
    h('h2', { id: 'dialog-title' }, 'Only this machine can open it'),
    h('p', {}, 'This server asks nobody who they are, so it listens on this machine alone. Anyone here can read and edit every document.'),
    h('p', {}, 'To share with others, give it a secret to sign tokens with, and let it listen to the network:'),
    h('pre', { tabindex: '0' }, h('code', {}, 'export INKWIRE_SECRET="$(openssl rand -base64 32)"\nHOST=0.0.0.0 npm start')),
    h(
      'p',
      {},
      'Then sign in with a token from ',
      h('code', {}, 'inkwire token'),
      ' and make share links here. Keep the secret: whoever has it can make tokens. Put TLS in front before anyone comes from outside your network.',
    ),
    h(
      'form',
      { method: 'dialog', class: 'actions' },
      copyLink !== null && h('button', { class: 'button', type: 'button', onclick: copyLink }, 'Copy the local link'),
      h('button', { class: 'button filled', value: '', autofocus: true }, 'Done'),
    ),
  );
  await showModal(dialog);
}
