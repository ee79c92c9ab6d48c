import { nameProblem } from '../../protocol/document-name.ts';
import { h } from '../dom.ts';
import { type Secrets, takeSecrets } from './fragment.ts';
import { chosenName } from './own-name.ts';
import type { Page } from './page.ts';
import { BASE } from './places.ts';
import { ShareVisit } from './share-visit.ts';

/** The element is a module of its own; see the page of a document. */
const ELEMENT_MODULE = `${BASE}/inkwire.js`;

/**
 * The editor alone, filling its frame. The page around it hands a token over in the fragment, and
 * another one by setting the frame's `src` again with only the fragment changed: nothing is reloaded.
 */
export function embedPage(name: string, secrets: Secrets): Page {
  return (place) => {
    const problem = nameProblem(name);
    if (problem !== null) {
      place.append(h('main', { class: 'embed' }, h('p', {}, `The name ${problem}.`)));
      return () => {};
    }
    import(/* @vite-ignore */ ELEMENT_MODULE).catch(() => place.append('The editor could not be loaded.'));
    document.title = `${name} · Inkwire`;
    const editor = document.createElement('inkwire-editor');
    editor.setAttribute('document', name);
    editor.setAttribute('label', 'Document text');
    const admit = ({ share, token }: Secrets) => {
      const visit = share === null ? (token === null ? ShareVisit.known(name) : null) : ShareVisit.begin(name, share);
      if (visit !== null) {
        editor.tokenProvider = () => visit.renew(chosenName());
        editor.reconnect();
      } else if (token !== null) {
        editor.tokenProvider = null;
        editor.setAttribute('token', token);
      }
    };
    admit(secrets);
    const onHash = () => admit(takeSecrets());
    addEventListener('hashchange', onHash);
    place.append(h('main', { class: 'embed' }, editor));
    return () => removeEventListener('hashchange', onHash);
  };
}
