import { Extension, type Range } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state';

/** The "/…" at the cursor: where it stands, and what follows the slash. */
export interface SlashMatch {
  readonly range: Range;
  readonly query: string;
}

/** What shows the menu; it is loaded beside the editor and may come later than the first slash. */
export interface SlashView {
  show(match: SlashMatch | null): void;
  /** True when the menu took the key. */
  onKey(event: KeyboardEvent): boolean;
}

interface SlashState {
  readonly match: SlashMatch | null;
  /** Start of a slash that was waved away with Escape. */
  readonly dismissed: number | null;
}

const key = new PluginKey<SlashState>('slashMenu');

/**
 * Watches for a slash typed at the start of a word. Our own rather than `@tiptap/suggestion`: with the
 * positioning library that brings, it takes the eager module past its 200 kB.
 */
export function slashTrigger(view: () => SlashView | null): Extension {
  return Extension.create({
    name: 'slashTrigger',
    priority: 1100,
    addProseMirrorPlugins: () => [
      new Plugin<SlashState>({
        key,
        state: {
          init: () => ({ match: null, dismissed: null }),
          apply: (transaction, before, _old, state) => {
            const match = matchAt(state);
            if (match === null) return { match: null, dismissed: null };
            if (transaction.getMeta(key) === 'dismiss') return { match: null, dismissed: match.range.from };
            const typed = transaction.docChanged && transaction.getMeta('y-sync$') === undefined;
            const open = before.match?.range.from === match.range.from || (typed && before.dismissed !== match.range.from);
            return { match: open ? match : null, dismissed: before.dismissed };
          },
        },
        props: {
          handleKeyDown: (editorView, event) => {
            if (key.getState(editorView.state)?.match == null) return false;
            if (event.key === 'Escape') {
              editorView.dispatch(editorView.state.tr.setMeta(key, 'dismiss'));
              return true;
            }
            return view()?.onKey(event) ?? false;
          },
          handleDOMEvents: {
            blur: () => {
              view()?.show(null);
              return false;
            },
          },
        },
        view: () => ({
          update: (editorView, before) => {
            const match = key.getState(editorView.state)?.match ?? null;
            if (match !== (key.getState(before)?.match ?? null)) view()?.show(match);
          },
          destroy: () => view()?.show(null),
        }),
      }),
    ],
  });
}

/** What follows a slash at the end of `textBefore` that stands at its start or after a space; `null` without one. */
export function slashQuery(textBefore: string): string | null {
  return /(?:^|[\s\ufffc])\/([\p{L}\p{N}]*(?: [\p{L}\p{N}]+)*)$/u.exec(textBefore)?.[1] ?? null;
}

function matchAt({ selection }: EditorState): SlashMatch | null {
  const { $from, empty } = selection;
  if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code === true) return null;
  const query = slashQuery($from.parent.textBetween(0, $from.parentOffset, undefined, '\ufffc'));
  return query === null ? null : { query, range: { from: $from.pos - query.length - 1, to: $from.pos } };
}
