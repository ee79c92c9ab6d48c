import { Editor, type JSONContent } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { Placeholder } from '@tiptap/extensions';
import { CONTENT_ROOT } from '../../document/read.ts';
import { extensions } from '../../document/schema.ts';
import { AutoDirection } from './content/auto-direction.ts';
import { NodeViews } from './content/node-views.ts';
import { remoteCarets } from './content/remote-carets.ts';
import { shortcuts } from './content/shortcuts.ts';
import { type SlashView, slashTrigger } from './menus/slash-trigger.ts';
import type { Session } from './session.ts';

export interface EditorOptions {
  readonly mount: HTMLElement;
  readonly editable: boolean;
  readonly label: string;
  readonly placeholder: string;
  /** Moves the focus into the toolbar; false when there is none. */
  readonly focusToolbar: () => boolean;
  /** `null` until it is loaded. */
  readonly slashView: () => SlashView | null;
}

/** An editor bound to a session's document. The caller has asked the schema guard before. */
export function makeEditor(session: Session, options: EditorOptions): Editor {
  return new Editor({
    ...common(options),
    extensions: [
      ...extensions(),
      Collaboration.configure({ document: session.document, field: CONTENT_ROOT }),
      remoteCarets(session.awareness),
      Placeholder.configure({ placeholder: options.placeholder }),
      slashTrigger(options.slashView),
      shortcuts(options.focusToolbar),
      NodeViews,
      AutoDirection,
    ],
  });
}

/** An editor that shows `content` and is bound to nothing. */
export function makeReader(content: JSONContent, options: EditorOptions): Editor {
  return new Editor({ ...common({ ...options, editable: false }), content, extensions: [...extensions(), NodeViews, AutoDirection] });
}

function common({ mount, editable, label }: EditorOptions) {
  return {
    element: mount,
    editable,
    // Its <style> would land in the host page's head, and a strict style-src refuses it.
    injectCSS: false,
    // Once it is not editable, only a tab stop lets its text be reached and selected.
    editorProps: { attributes: { 'aria-multiline': 'true', 'aria-label': label, tabindex: '0' } },
  };
}
