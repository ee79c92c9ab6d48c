import { nameProblem } from '../../protocol/document-name.ts';
import { h } from '../dom.ts';
import { browserStorage, cleanName, loadGuest, saveGuest } from '../element/guest.ts';
import { sentenceFor } from '../element/status-words.ts';
import { icon } from '../icons.ts';
import { openMenu } from '../menu.ts';
import { ApiError, deleteDocument } from './api.ts';
import { avatars, peopleLabel } from './avatars.ts';
import { confirmDelete, nameDialog } from './dialogs.ts';
import { displayTitle } from './display-title.ts';
import { documentMenu } from './document-menu.ts';
import { watchKeyboard } from './keyboard-inset.ts';
import { Outline } from './outline.ts';
import type { Page } from './page.ts';
import { StatusButton } from './status-button.ts';
import { currentTheme } from './theme.ts';
import { TitleField } from './title-field.ts';
import { toast } from './toast.ts';
import { machineOnly } from './wordmark.ts';

/** The element is a module of its own, which other sites load too; the list of documents does without it. */
const ELEMENT_MODULE = '/inkwire.js';
/** Faces shown before the rest is a number. */
const MOST_AVATARS = 5;

/** The page to write on. */
export function documentPage(name: string): Page {
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
    // The bar above says the status already.
    editor.append(h('span', { slot: 'toolbar-end', hidden: true }));
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
      const guest = loadGuest(browserStorage(), () => crypto.randomUUID(), Math.random);
      const chosen = cleanName((await nameDialog(guest.name)) ?? '');
      if (chosen === null) return;
      saveGuest(browserStorage(), { ...guest, name: chosen });
      editor.setAttribute('guest-name', chosen);
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
        entries: documentMenu(name, {
          copyMarkdown: () => void copy(editor.getMarkdown(), 'Copied as Markdown'),
          rename: () => void rename(),
          remove: () => void remove(),
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
            run: person.self ? () => void rename() : () => {},
          })),
          'line',
          { label: 'Change your name…', icon: 'pencil', run: () => void rename() },
        ],
      }),
    );

    editor.addEventListener('inkwire-status', ({ detail }) => status.show(detail));
    editor.addEventListener('inkwire-synced', () => {
      if (editor.sharedDocument !== null) title.bind(editor.sharedDocument);
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
          h(
            'button',
            {
              type: 'button',
              class: 'button share',
              title: 'Copy the link',
              onclick: () => void copy(location.href, 'Link copied. The server is open to this machine only.'),
            },
            icon('share'),
            h('span', { class: 'button-label' }, 'Share'),
          ),
          more,
        ),
        outline.dom,
        h('main', {}, editor),
        h('footer', {}, machineOnly()),
      ),
    );

    return () => {
      document.removeEventListener('keydown', onKey);
      stopWatching();
      title.destroy();
      status.destroy();
      outline.destroy();
    };
  };
}
