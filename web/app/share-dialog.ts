import type { Role } from '../../protocol/role.ts';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { ApiError, changeShareLink, createShareLink, listShareLinks, revokeShareLink, type ShareLink } from './api.ts';
import { showModal } from './dialogs.ts';
import { exactTime, relativeTime } from './relative-time.ts';
import { ROLE_WORDS } from './role-words.ts';

const DAY_SECONDS = 86_400;
/** How long a link holds, in seconds; '' is until it is revoked. */
const LIVES: readonly (readonly [string, string])[] = [
  [String(DAY_SECONDS), 'for 1 day'],
  [String(7 * DAY_SECONDS), 'for 7 days'],
  [String(30 * DAY_SECONDS), 'for 30 days'],
  ['', 'until revoked'],
];
/** What can be given. Comments and suggestions have no place in the editor yet: their roles would promise too much. */
const GIVEN: readonly Role[] = ['view', 'edit'];

/** Makes share links of a document, lists them, changes and revokes them. */
export async function shareDialog(documentName: string, title: string): Promise<void> {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const made = h('div', { class: 'made' });
  const list = h('ul', { class: 'share-links', 'aria-label': 'Share links' });
  const role = select('What they may do', GIVEN.map(option), 'view');
  const life = select('How long', LIVES, String(7 * DAY_SECONDS));

  /** Does something on the server and says what went wrong; true when nothing did. */
  const attempt = async (what: () => Promise<unknown>): Promise<boolean> => {
    problem.textContent = '';
    try {
      await what();
      return true;
    } catch (error) {
      problem.textContent = error instanceof ApiError ? error.message : 'That did not work. Try again.';
      return false;
    }
  };
  const refresh = async () => {
    const links = await listShareLinks(documentName);
    const now = new Date();
    list.replaceChildren(...links.map((link) => row(link, now)));
  };
  const create = async () => {
    const expiresInSeconds = Number(life.value);
    const link = await createShareLink(documentName, { role: role.value as Role, ...(expiresInSeconds > 0 ? { expiresInSeconds } : {}) });
    showMade(made, new URL(link.url, location.href).href);
    await refresh();
  };

  const row = (link: ShareLink, now: Date): HTMLElement => {
    const roles = GIVEN.includes(link.role) ? GIVEN : [link.role, ...GIVEN];
    const chosen = select('What they may do', roles.map(option), link.role);
    chosen.addEventListener('change', async () => {
      const changed = await attempt(() => changeShareLink(documentName, link.id, { role: chosen.value as Role }));
      if (!changed) chosen.value = link.role;
    });
    const actions = h('span', { class: 'actions' });
    const revoke = h('button', { type: 'button', class: 'button', onclick: () => ask() }, 'Revoke');
    const ask = () => {
      const keep = h('button', { type: 'button', class: 'button', onclick: () => actions.replaceChildren(revoke) }, 'Keep');
      const really = h('button', { type: 'button', class: 'button filled danger', onclick: () => void drop() }, 'Revoke it');
      actions.replaceChildren(really, keep);
      keep.focus();
    };
    const drop = async () => {
      if (!(await attempt(() => revokeShareLink(documentName, link.id)))) return;
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      (next?.querySelector('select') ?? createButton).focus();
    };
    actions.append(revoke);
    const created = new Date(link.createdAt);
    const item = h(
      'li',
      {},
      chosen,
      h(
        'span',
        { class: 'when' },
        endWords(link, now),
        h('span', { title: exactTime(created) }, ` · by ${link.createdBy}, ${relativeTime(created, now)}`),
      ),
      actions,
    );
    return item;
  };

  const createButton = h('button', { class: 'button filled', autofocus: true }, 'Create link');
  const dialog = h(
    'dialog',
    { class: 'wide share-dialog', 'aria-labelledby': 'dialog-title' },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', { id: 'dialog-title' }, `Share “${title}”`),
      h(
        'button',
        { type: 'button', class: 'button icon-only quiet-button', 'aria-label': 'Close', onclick: () => dialog.close() },
        icon('close'),
      ),
    ),
    h('p', {}, 'Whoever has a link can open this document without signing in, until the link ends or you revoke it.'),
    h(
      'form',
      {
        class: 'new-link',
        onsubmit: (event) => {
          event.preventDefault();
          void attempt(create);
        },
      },
      role,
      life,
      createButton,
    ),
    made,
    problem,
    list,
  );
  void attempt(refresh);
  await showModal(dialog);
}

function option(role: Role): readonly [string, string] {
  return [role, ROLE_WORDS[role]];
}

function select(label: string, options: readonly (readonly [string, string])[], value: string): HTMLSelectElement {
  return h(
    'select',
    { 'aria-label': label },
    ...options.map(([optionValue, words]) => h('option', { value: optionValue, selected: optionValue === value }, words)),
  );
}

/** The link, which the server tells only this once. */
function showMade(place: HTMLElement, url: string): void {
  const field = h('input', { value: url, readonly: true, 'aria-label': 'The link', onfocus: () => field.select() });
  const copy = h(
    'button',
    {
      type: 'button',
      class: 'button filled',
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(url);
          copy.textContent = 'Copied';
        } catch {
          field.select();
        }
      },
    },
    'Copy',
  );
  place.replaceChildren(
    h('div', { class: 'made-row' }, field, copy),
    h('p', { role: 'status' }, 'Copy it now: it is shown only this once.'),
  );
  copy.focus();
}

function endWords({ expiresAt }: ShareLink, now: Date): string {
  if (expiresAt === null) return 'Until revoked';
  const end = new Date(expiresAt);
  if (end <= now) return 'Ended';
  return `Until ${new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(end)}`;
}
