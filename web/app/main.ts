import { documentPage } from './document-page.ts';
import { documentsPage } from './documents-page.ts';
import { documentNameIn } from './routes.ts';
import { applyTheme, currentTheme } from './theme.ts';

const place = document.querySelector<HTMLElement>('#app')!;
let leave: () => void = () => {};

function show(): void {
  leave();
  place.replaceChildren();
  const name = documentNameIn(location.pathname);
  leave = name === null ? documentsPage(place, navigate) : documentPage(name)(place, navigate);
  applyTheme(currentTheme());
}

function navigate(path: string): void {
  history.pushState(null, '', path);
  show();
  scrollTo(0, 0);
}

addEventListener('popstate', show);
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return;
  if (link.pathname !== '/' && documentNameIn(link.pathname) === null) return;
  event.preventDefault();
  navigate(link.pathname);
});
show();
