import { nameProblem } from '../../protocol/document-name.ts';
import { may } from '../../protocol/permissions.ts';
import { h } from '../dom.ts';
import type { StatusKind } from '../element/status.ts';
import { sentenceFor } from '../element/status-words.ts';
import { icon } from '../icons.ts';
import { openMenu } from '../menu.ts';
import { ApiError, deleteDocument } from './api.ts';
import { avatars, peopleLabel } from './avatars.ts';
import { confirmDelete, nameDialog } from './dialogs.ts';
import { displayTitle } from './display-title.ts';
import { documentMenu } from './document-menu.ts';
import { download } from './download.ts';
import { type Entry, roleIn, tokenProviderOf } from './entry.ts';
import { footer } from './footer.ts';
import { watchKeyboard } from './keyboard-inset.ts';
import { openServerDialog } from './open-server-dialog.ts';
import { Outline } from './outline.ts';
import { chooseName, chosenName } from './own-name.ts';
import type { Page } from './page.ts';
import { shareDialog } from './share-dialog.ts';
import { signInDialog } from './sign-in-form.ts';
import { StatusButton } from './status-button.ts';
import { currentTheme } from './theme.ts';
import { TitleField } from './title-field.ts';
import { toast } from './toast.ts';

/** The element is a module of its own, which other sites load too; the list of documents does without it. */
const ELEMENT_MODULE = '/inkwire.js';
/** Where nothing more can be written. */
const CLOSED: readonly StatusKind[] = ['rejected', 'removed', 'deleted', 'update-required'];
/** Faces shown before the rest is a number. */
const MOST_AVATARS = 5;

export interface DocumentPageOptions {
  readonly name: string;
  readonly entry: Entry;
  /** Forgets the token or the share link, and shows the page to those who have none. */
  readonly onLeave: () => void;
}

/** The page to write on. */
export function documentPage({ name, entry, onLeave }: DocumentPageOptions): Page {
  return (place, navigate) => {
    const problem = nameProblem(name);
    if (problem !== null) {
      place.append(
        h(
          'main',
          { class: 'documents' },
          h('div', { class: 'empty' }, h('p', {}, `The name ${problem}.`), h('a', { href: '/' }, 'Documents')),
        ),
      );
      return () => {};
    }
    import(/* @vite-ignore */ ELEMENT_MODULE).catch(() => toast('The editor could not be loaded. Reload the page to try again.'));

    const editor = document.createElement('inkwire-editor');
    for (const [attribute, value] of Object.entries({ document: name, autofocus: '', theme: currentTheme(), label: 'Document text' })) {
      editor.setAttribute(attribute, value);
    }
    editor.tokenProvider = tokenProviderOf(entry);
    if (entry.kind === 'visitor') editor.setAttribute('guest-name', chosenName());
    let role = roleIn(entry, name);
    let kind: StatusKind = 'connecting';
    const signIn = h('button', { type: 'button', slot: 'notice-end', hidden: true, onclick: () => void signInAgain() }, 'Sign in');
    // The bar above says the status already.
    editor.append(h('span', { slot: 'toolbar-end', hidden: true }), signIn);
    const signInAgain = async () => {
      if (await signInDialog()) editor.reconnect();
    };
    const shownTitle = () => displayTitle(title.input.value, name) ?? 'Untitled';
    const title = new TitleField(
      displayTitle('', name) ?? 'Untitled',
      () => {
        document.title = `${shownTitle()} · Inkwire`;
      },
      () => editor.focus(),
    );
    document.title = `${displayTitle('', name) ?? 'Untitled'} · Inkwire`;
    const status = new StatusButton();
    const outline = new Outline();
    const faces = h('span');
    const people = h(
      'button',
      { type: 'button', class: 'button people', hidden: true, 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
      faces,
    );
    const more = h(
      'button',
      {
        type: 'button',
        class: 'button icon-only quiet-button',
        'aria-label': 'Document menu',
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
      },
      icon('more'),
    );

    const rename = async () => {
      const asked = await nameDialog(chosenName());
      if (asked === null) return;
      // Connects anew, and a visitor's token is made anew with it.
      editor.setAttribute('guest-name', chooseName(asked));
    };
    const remove = async () => {
      const called = shownTitle();
      if (!(await confirmDelete(called))) return;
      try {
        await deleteDocument(name);
        navigate('/');
        toast(`Deleted “${called}”`);
      } catch (error) {
        toast(error instanceof ApiError ? error.message : 'The document could not be deleted.');
      }
    };
    const copy = async (text: string | Promise<string>, done: string) => {
      try {
        await navigator.clipboard.writeText(await text);
        toast(done);
      } catch {
        toast('The browser did not allow copying.');
      }
    };
    more.addEventListener('click', () =>
      openMenu({
        root: document.body,
        anchor: more,
        label: 'Document',
        align: 'end',
        entries: documentMenu({
          download: (format) => void download(name, format),
          copyMarkdown: () => void copy(editor.getMarkdown(), 'Copied as Markdown'),
          rename: entry.kind === 'account' ? null : () => void rename(),
          remove: may(role, 'document.delete') ? () => void remove() : null,
          leave: entry.kind === 'open' ? null : { label: entry.kind === 'account' ? 'Sign out' : 'Forget this link', run: onLeave },
        }),
      }),
    );
    people.addEventListener('click', () =>
      openMenu({
        root: document.body,
        anchor: people,
        label: 'People in this document',
        align: 'end',
        entries: [
          { group: 'In this document' },
          ...editor.users.map((person) => ({
            label: person.self ? `${person.name} (you)` : person.name,
            run: person.self && entry.kind !== 'account' ? () => void rename() : () => {},
          })),
          ...(entry.kind === 'account'
            ? []
            : ['line' as const, { label: 'Change your name…', icon: 'pencil' as const, run: () => void rename() }]),
        ],
      }),
    );

    const share = h(
      'button',
      { type: 'button', class: 'button share', 'aria-label': 'Share', 'aria-haspopup': 'dialog', onclick: () => void openShare() },
      icon('share'),
      h('span', { class: 'button-label' }, 'Share'),
    );
    const openShare = () =>
      entry.kind === 'open' ? openServerDialog(() => void copy(location.href, 'Link copied')) : shareDialog(name, shownTitle());
    const follow = () => {
      share.hidden = !may(role, 'document.share');
      title.setEditable(may(role, 'document.edit') && !CLOSED.includes(kind));
    };

    editor.addEventListener('inkwire-status', ({ detail }) => {
      status.show(detail);
      kind = detail.kind;
      signIn.hidden = (kind !== 'sign-in' && kind !== 'removed') || entry.kind !== 'account';
      follow();
    });
    editor.addEventListener('inkwire-role', ({ detail }) => {
      if (detail.reason !== 'expired') role = detail.role;
      follow();
    });
    editor.addEventListener('inkwire-synced', () => {
      if (editor.sharedDocument !== null) title.bind(editor.sharedDocument);
      follow();
    });
    editor.addEventListener('inkwire-ready', ({ detail }) => outline.show(detail.editor));
    editor.addEventListener('inkwire-presence', ({ detail: { users } }) => {
      faces.replaceChildren(avatars(users, MOST_AVATARS), h('span', { class: 'quiet' }, peopleLabel(users)));
      people.hidden = users.length === 0;
      people.title = peopleLabel(users);
    });

    const stopWatching = watchKeyboard();
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const { kind } = editor.status;
      toast(kind === 'saved' ? 'Saved already – every keystroke is' : sentenceFor(editor.status));
    };
    document.addEventListener('keydown', onKey);

    place.append(
      h(
        'div',
        { class: 'document-page' },
        h(
          'header',
          { class: 'bar' },
          h('a', { class: 'button icon-only quiet-button', href: '/', 'aria-label': 'Documents', title: 'Documents' }, icon('back')),
          title.input,
          status.dom,
          h('span', { class: 'space' }),
          people,
          share,
          more,
        ),
        outline.dom,
        h('main', {}, editor),
        footer(entry),
      ),
    );

    follow();

    return () => {
      document.removeEventListener('keydown', onKey);
      stopWatching();
      title.destroy();
      status.destroy();
      outline.destroy();
    };
  };
}
