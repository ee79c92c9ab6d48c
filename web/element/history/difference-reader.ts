import type { Editor, JSONContent } from '@tiptap/core';
import type { Schema } from '@tiptap/pm/model';
import { adopt, h, sheet } from '../../dom.ts';
import type { ShownAuthor } from './authors.ts';
import type { Shown } from './history-client.ts';

const EMPTY: JSONContent = { type: 'doc', content: [{ type: 'paragraph' }] };

const CHANGES = 'ins[data-id], del[data-id], span[data-type="modification"]';

/** The text of a version, with what differs in it in the colours of those who did it. */
export class DifferenceReader {
  readonly dom = h('div', { class: 'mount history-text' });
  readonly #makeReader: (content: JSONContent, mount: HTMLElement) => Editor;
  readonly #root: ShadowRoot;
  readonly #colors = sheet('');
  #editor: Editor | null = null;
  #current = -1;

  constructor(root: ShadowRoot, makeReader: (content: JSONContent, mount: HTMLElement) => Editor) {
    this.#root = root;
    this.#makeReader = makeReader;
    adopt(root, this.#colors);
  }

  show({ content, contributions }: Shown, author: (id: number) => ShownAuthor): void {
    this.#colors.replaceSync(contributions.map((_, id) => `.history-text [data-id="${id}"] { --who: ${author(id).color}; }`).join('\n'));
    this.#current = -1;
    this.#editor ??= this.#makeReader(EMPTY, this.dom);
    const { schema } = this.#editor;
    const nodes = (content.content ?? []).map((node) => forReading(node, schema));
    this.#editor.commands.setContent(nodes.length === 0 ? EMPTY : { ...content, content: nodes }, { emitUpdate: false });
  }

  /** How many places differ. */
  get count(): number {
    return this.#places().length;
  }

  /** Goes to the next place that differs, or the one before; the contribution it belongs to, `null` where nothing differs. */
  step(by: 1 | -1): { readonly at: number; readonly of: number; readonly contribution: number } | null {
    const places = this.#places();
    if (places.length === 0) return null;
    for (const element of this.dom.querySelectorAll('.history-here')) element.classList.remove('history-here');
    this.#current = this.#current < 0 ? (by === 1 ? 0 : places.length - 1) : (this.#current + by + places.length) % places.length;
    const place = places[this.#current]!;
    for (const element of place) element.classList.add('history-here');
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    place[0]!.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
    return { at: this.#current, of: places.length, contribution: Number(place[0]!.getAttribute('data-id')) };
  }

  /** The contribution that something in the text belongs to; `null` for what does not differ. */
  contributionAt(target: EventTarget | null): number | null {
    const element = target instanceof Element ? target.closest(CHANGES) : null;
    return element === null ? null : Number(element.getAttribute('data-id'));
  }

  destroy(): void {
    this.#editor?.destroy();
    this.#root.adoptedStyleSheets = this.#root.adoptedStyleSheets.filter((one) => one !== this.#colors);
  }

  /** Marks of one contribution that follow each other are one place. */
  #places(): Element[][] {
    const places: Element[][] = [];
    for (const element of this.dom.querySelectorAll(CHANGES)) {
      const last = places.at(-1);
      const before = last?.at(-1);
      if (
        before !== undefined &&
        (before.contains(element) || (before.nextSibling === element && before.getAttribute('data-id') === element.getAttribute('data-id')))
      )
        last!.push(element);
      else places.push([element]);
    }
    return places;
  }
}

/** The schema has no marks on blocks: those with text have them on it, and only leaves keep them. */
function forReading(node: JSONContent, schema: Schema): JSONContent {
  const { marks, content, ...rest } = node;
  const type = schema.nodes[node.type ?? ''];
  const keeps = marks !== undefined && (type === undefined || type.isInline || type.isLeaf);
  return {
    ...rest,
    ...(keeps ? { marks } : {}),
    ...(content === undefined ? {} : { content: content.map((child) => forReading(child, schema)) }),
  };
}
