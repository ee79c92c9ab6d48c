import { Editor, Extension, type Extensions, type JSONContent, Node } from '@tiptap/core';
import { Placeholder } from '@tiptap/extensions/placeholder';
import { CONTENT_ROOT } from '../../document/read.ts';
import { extensions } from '../../document/schema.ts';
import type { Assets } from './assets/assets.ts';
import { uploadSlot } from './assets/upload-slot.ts';
import { Asides } from './content/asides.ts';
import { AutoDirection } from './content/auto-direction.ts';
import { NodeViews } from './content/node-views.ts';
import { remoteCarets } from './content/remote-carets.ts';
import { SharedHistory } from './content/shared-history.ts';
import { shortcuts } from './content/shortcuts.ts';
import { type SlashView, slashTrigger } from './menus/slash-trigger.ts';
import type { Session } from './session.ts';
import { sharedTables } from './tables/shared-tables.ts';
import { shownTables } from './tables/table-view.ts';

export interface EditorOptions {
  readonly mount: HTMLElement;
  readonly editable: boolean;
  readonly label: string;
  readonly placeholder: string;
  /** Moves the focus into the toolbar; false when there is none. */
  readonly focusToolbar: () => boolean;
  /** Shows the history in the place of the text; true. */
  readonly openHistory: () => boolean;
  /** `null` until it is loaded. */
  readonly slashView: () => SlashView | null;
  readonly assets: Assets;
}

/** An editor bound to a session's document. The caller has asked the schema guard before. */
export function makeEditor(session: Session, options: EditorOptions): Editor {
  return new Editor({
    ...common(options),
    extensions: [
      ...withTables((table) => sharedTables(shownTables(table), session.awareness)),
      SharedHistory.configure({ document: session.document, field: CONTENT_ROOT }),
      remoteCarets(session.awareness),
      Placeholder.configure({ placeholder: options.placeholder }),
      slashTrigger(options.slashView),
      shortcuts(options.focusToolbar, options.openHistory),
      NodeViews.configure({ assets: options.assets }),
      uploads(options.assets),
      Asides,
      AutoDirection,
    ],
  });
}

/** The schema's extensions, that of tables made another. */
function withTables(make: (table: Node) => Node): Extensions {
  return extensions().map((extension) => (extension instanceof Node && extension.name === 'table' ? make(extension) : extension));
}

/** Before what reads the clipboard's text: where that says no more than a file beside it, the file is meant. */
function uploads(assets: Assets): Extension {
  return Extension.create({
    name: 'uploads',
    priority: 900,
    addProseMirrorPlugins: () => [
      uploadSlot(
        () => assets.behaviour,
        () => assets.arm(),
      ),
    ],
  });
}

/** An editor that shows `content` and is bound to nothing. */
export function makeReader(content: JSONContent, options: Pick<EditorOptions, 'mount' | 'label' | 'assets'>): Editor {
  const reading = [...withTables(shownTables), NodeViews.configure({ assets: options.assets }), Asides, AutoDirection];
  return new Editor({ ...common({ ...options, editable: false }), content, extensions: reading });
}

function common({ mount, editable, label }: Pick<EditorOptions, 'mount' | 'editable' | 'label'>) {
  return {
    element: mount,
    editable,
    // Its <style> would land in the host page's head, and a strict style-src refuses it.
    injectCSS: false,
    // Once it is not editable, only a tab stop lets its text be reached and selected.
    editorProps: { attributes: { 'aria-multiline': 'true', 'aria-label': label, tabindex: '0' } },
  };
}
