import type { Editor } from '@tiptap/core';
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { OWN_STEP } from '../../own-step.ts';
import { compile, findMatches, type Match, nextAt, type Query, replacementOf } from './matches.ts';

/** What of a search is to be said. `at` is the place of the chosen match, from 0; -1 for none. */
export interface Found {
  readonly count: number;
  readonly at: number;
  readonly isCut: boolean;
  readonly problem: string | null;
}

interface Search {
  readonly matches: readonly Match[];
  readonly at: number;
  readonly decorations: DecorationSet;
}

const NOTHING: Search = { matches: [], at: -1, decorations: DecorationSet.empty };
const key = new PluginKey<Search>('find');

/** After an edit the search is made anew once nobody has typed for this long, ms; until then its marks go along with the text. */
const SETTLED_MS = 200;

/** A search in the document that goes along with its edits. It is in the editor only while it is asked for. */
export class Finder {
  readonly #editor: Editor;
  readonly #onFound: (found: Found) => void;
  #query: Query | null = null;
  #isCut = false;
  #problem: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(editor: Editor, onFound: (found: Found) => void) {
    this.#editor = editor;
    this.#onFound = onFound;
    editor.registerPlugin(
      new Plugin<Search>({
        key,
        state: {
          init: () => NOTHING,
          apply: (tr, search) => {
            const set: Search | undefined = tr.getMeta(key);
            if (set !== undefined) return set;
            return tr.docChanged ? { ...search, decorations: search.decorations.map(tr.mapping, tr.doc) } : search;
          },
        },
        props: { decorations: (state) => key.getState(state)?.decorations },
      }),
    );
    editor.on('update', this.#onUpdate);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#editor.off('update', this.#onUpdate);
    if (!this.#editor.isDestroyed) this.#editor.unregisterPlugin(key);
  }

  /** Looks for something else, from where the caret is. */
  search(query: Query): void {
    this.#query = query;
    this.#refresh(this.#editor.state.selection.from);
    this.#show();
  }

  /** Goes to another match; around at the ends. */
  step(by: 1 | -1): void {
    const { matches, at } = this.#search;
    if (matches.length === 0) return;
    this.#set(matches, (at + by + matches.length) % matches.length);
    this.#show();
  }

  /** Replaces the chosen match and goes to the next. */
  replace(replacement: string): void {
    const { matches, at } = this.#fresh();
    const match = matches[at];
    if (match === undefined || this.#query === null || !this.#editor.isEditable) return;
    const text = replacementOf(match, replacement, this.#query.isPattern);
    this.#editor.view.dispatch(this.#replaced([match], () => text));
    this.#refresh(match.from + text.length);
    this.#show();
  }

  /** Replaces all in one step, which one undo takes back. Returns how many there were. */
  replaceAll(replacement: string): number {
    const { matches } = this.#fresh();
    const query = this.#query;
    if (query === null || matches.length === 0 || !this.#editor.isEditable) return 0;
    this.#editor.view.dispatch(this.#replaced(matches, (match) => replacementOf(match, replacement, query.isPattern)));
    this.#refresh(0);
    return matches.length;
  }

  /** Puts the chosen match where the caret is. */
  select(): void {
    const match = this.#search.matches[this.#search.at];
    const { state, view } = this.#editor;
    if (match !== undefined) view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, match.from, match.to)));
  }

  get #search(): Search {
    return key.getState(this.#editor.state) ?? NOTHING;
  }

  /** What is there at this moment: what was found may be another's text by now. */
  #fresh(): Search {
    const { matches, at } = this.#search;
    this.#refresh(matches[at]?.from ?? 0);
    return this.#search;
  }

  /** From the last to the first, so that each stands where it was found. The marks of a match's first letter go on. */
  #replaced(matches: readonly Match[], textOf: (match: Match) => string) {
    const { tr, schema } = this.#editor.state;
    for (const match of matches.toReversed()) {
      const text = textOf(match);
      const marks = tr.doc.resolve(match.from).marksAcross(tr.doc.resolve(match.to)) ?? [];
      if (text === '') tr.delete(match.from, match.to);
      else tr.replaceWith(match.from, match.to, schema.text(text, marks));
    }
    return tr.setMeta(OWN_STEP, true);
  }

  readonly #onUpdate = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.#editor.isDestroyed) this.#refresh(this.#search.matches[this.#search.at]?.from ?? 0);
    }, SETTLED_MS);
  };

  #refresh(from: number): void {
    clearTimeout(this.#timer);
    const query = this.#query;
    const compiled = query === null || query.words === '' ? null : compile(query);
    this.#problem = compiled !== null && 'problem' in compiled ? compiled.problem : null;
    const { matches, isCut } =
      compiled !== null && 'pattern' in compiled ? findMatches(this.#editor.state.doc, compiled.pattern) : { matches: [], isCut: false };
    this.#isCut = isCut;
    this.#set(matches, nextAt(matches, from));
  }

  #set(matches: readonly Match[], at: number): void {
    const { state, view } = this.#editor;
    const marks = matches.map((match, index) =>
      Decoration.inline(match.from, match.to, { class: index === at ? 'found chosen' : 'found' }),
    );
    const search: Search = { matches, at, decorations: DecorationSet.create(state.doc, marks) };
    view.dispatch(state.tr.setMeta(key, search).setMeta('addToHistory', false));
    this.#onFound({ count: matches.length, at, isCut: this.#isCut, problem: this.#problem });
  }

  /** Scrolls to the chosen match, and leaves the focus where it is. */
  #show(): void {
    const { view } = this.#editor;
    const chosen = view.dom.querySelector('.found.chosen');
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    chosen?.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
  }
}
