import { signOut } from './account.ts';
import { ApiError } from './api.ts';
import { introductionDialog } from './dialogs.ts';
import { documentPage } from './document-page.ts';
import { documentsPage } from './documents-page.ts';
import { embedPage } from './embed-page.ts';
import { type Closed, type Entry, enter } from './entry.ts';
import { takeSecrets } from './fragment.ts';
import { chooseName, chosenName, nameWasChosen } from './own-name.ts';
import type { Page } from './page.ts';
import { BASE, pathOf } from './places.ts';
import { type Route, routeOf } from './routes.ts';
import { noticePage, signInPage } from './sign-in-page.ts';
import { applyTheme, currentTheme } from './theme.ts';

/** `old-browser.js` takes it away where the app would not run. */
const place = document.querySelector<HTMLElement>('#app');
let leave: () => void = () => {};
let shown = 0;

async function show(): Promise<void> {
  if (place === null) return;
  leave();
  leave = () => {};
  place.replaceChildren();
  shown += 1;
  const asked = shown;
  applyTheme(currentTheme());
  const page = await pageFor(routeOf(pathOf(location)));
  // Somebody went on meanwhile.
  if (asked !== shown) return;
  leave = page(place, navigate);
  applyTheme(currentTheme());
}

async function pageFor(route: Route): Promise<Page> {
  const secrets = takeSecrets();
  if (route.page === 'embed') return embedPage(route.name, secrets);
  try {
    if (route.page === 'documents') {
      const entry = await enter(null, null);
      return entry.kind === 'closed' ? closed(entry) : documentsPage({ entry, onSignedOut: leaveAs });
    }
    const entry = await enter(route.name, secrets.share);
    return entry.kind === 'closed' ? closed(entry) : await documentFor(route.name, entry);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return noticePage('Can’t open this', error.message, 'Try again', () => void show());
  }
}

async function documentFor(name: string, entry: Entry): Promise<Page> {
  const onLeave = () => {
    if (entry.kind === 'visitor') entry.visit.forget();
    leaveAs('sign-in-required');
  };
  if (entry.kind === 'visitor') {
    if (!nameWasChosen()) chooseName(await introductionDialog(chosenName()));
    try {
      await entry.visit.renew(chosenName());
    } catch (error) {
      if (!(error instanceof ApiError) || (error.code !== 'share-link-gone' && error.code !== 'secret-required')) throw error;
      entry.visit.forget();
      // The server signs no tokens any more: it may be open to all.
      if (error.code === 'secret-required') return pageFor(routeOf(pathOf(location)));
      return noticePage(
        'This link has ended',
        'It has expired or was revoked. Ask whoever sent it to you for another.',
        'Sign in',
        () => void show(),
      );
    }
  }
  return documentPage({ name, entry, onLeave });
}

function closed({ why }: Closed): Page {
  return signInPage(why, () => void show());
}

function leaveAs(why: string): void {
  signOut(why);
  void show();
}

function navigate(path: string): void {
  history.pushState(null, '', BASE + path);
  void show();
  scrollTo(0, 0);
}

addEventListener('popstate', () => void show());
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return;
  if (!link.pathname.startsWith(`${BASE}/`)) return;
  const path = pathOf(link);
  if (path !== '/' && routeOf(path).page === 'documents') return;
  event.preventDefault();
  navigate(path);
});
void show();
