import { h } from '../dom.ts';
import { showFavicon } from './favicon.ts';
import type { Page } from './page.ts';
import { signInForm } from './sign-in-form.ts';
import { wordmark } from './wordmark.ts';

/** Asks for a token where one is needed; the address stays, so that whoever signs in is where they wanted to be. */
export function signInPage(why: string, onDone: () => void): Page {
  return (place) => {
    document.title = 'Sign in · Inkwire';
    void showFavicon(null);
    place.append(
      h(
        'div',
        { class: 'documents narrow' },
        h('header', { class: 'masthead' }, wordmark()),
        h(
          'main',
          {},
          h('h1', {}, 'Sign in'),
          signInForm(why, onDone),
          h('p', { class: 'aside' }, 'Were you sent a link to a document? Open it once more, whole, up to its last letter.'),
        ),
      ),
    );
    place.querySelector('input')?.focus();
    return () => {};
  };
}

/** Says that something stands in the way of a page, and offers one way on. */
export function noticePage(title: string, sentence: string, action: string, run: () => void): Page {
  return (place) => {
    document.title = `${title} · Inkwire`;
    void showFavicon(null);
    place.append(
      h(
        'div',
        { class: 'documents narrow' },
        h('header', { class: 'masthead' }, wordmark()),
        h(
          'main',
          { role: 'alert' },
          h('h1', {}, title),
          h('p', {}, sentence),
          h('button', { type: 'button', class: 'button filled', onclick: run }, action),
        ),
      ),
    );
    return () => {};
  };
}
