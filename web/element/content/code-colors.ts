import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { adopt, sheet } from '../../dom.ts';

/** A coloured stretch of a code block: offsets in its text, class names of highlight.js. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly classes: string;
}

type Colour = (code: string, language: string) => Stretch[];
type HastNode = { type: string; value?: string; children?: HastNode[]; properties?: { className?: unknown } };

/** Longer blocks stay plain: colouring runs while somebody types. */
const MAX_CHARACTERS = 20_000;
const key = new PluginKey<DecorationSet>('codeColors');

/** Colours code blocks with highlight.js (53 kB gzip), fetched when the first block that names a language is met. */
export function codeColors(): Plugin {
  let colour: Colour | null = null;
  let asked = false;
  const cache = new WeakMap<ProseMirrorNode, Stretch[]>();
  const decorate = (doc: ProseMirrorNode) => (colour === null ? DecorationSet.empty : decorations(doc, colour, cache));

  return new Plugin<DecorationSet>({
    key,
    state: {
      init: (_config, state) => decorate(state.doc),
      apply: (transaction, old, _before, state) =>
        transaction.docChanged || transaction.getMeta(key) === 'loaded' ? decorate(state.doc) : old,
    },
    props: { decorations: (state) => key.getState(state) },
    view: (view) => {
      const ask = () => {
        if (asked || !namesLanguage(view.state.doc)) return;
        asked = true;
        loadColours(view.root)
          .then((loaded) => {
            colour = loaded;
            if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, 'loaded').setMeta('addToHistory', false));
          })
          .catch(() => {
            asked = false;
          });
      };
      ask();
      return { update: (_view, before) => void (before.doc !== view.state.doc && ask()) };
    },
  });
}

function namesLanguage(doc: ProseMirrorNode): boolean {
  let found = false;
  doc.descendants((node) => {
    if (node.type.name === 'codeBlock' && node.attrs.language) found = true;
    return !found && !node.isTextblock;
  });
  return found;
}

function decorations(doc: ProseMirrorNode, colour: Colour, cache: WeakMap<ProseMirrorNode, Stretch[]>): DecorationSet {
  const found: Decoration[] = [];
  doc.descendants((node, position) => {
    if (node.type.name === 'codeBlock' && node.attrs.language && node.content.size <= MAX_CHARACTERS) {
      let stretches = cache.get(node);
      if (stretches === undefined) {
        stretches = colour(node.textContent, String(node.attrs.language));
        cache.set(node, stretches);
      }
      for (const { from, to, classes } of stretches)
        found.push(Decoration.inline(position + 1 + from, position + 1 + to, { class: classes }));
    }
    return !node.isTextblock;
  });
  return found.length === 0 ? DecorationSet.empty : DecorationSet.create(doc, found);
}

let styles: CSSStyleSheet | null = null;

async function loadColours(root: Node): Promise<Colour> {
  const [{ common, createLowlight }, { default: css }] = await Promise.all([
    import('lowlight'),
    import('../../style/code-colors.css?inline'),
  ]);
  styles ??= sheet(css);
  adopt(root, styles);
  const lowlight = createLowlight(common);
  return (code, language) => (lowlight.registered(language) ? stretchesOf(lowlight.highlight(language, code) as HastNode) : []);
}

function stretchesOf(tree: HastNode): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  const walk = (node: HastNode, classes: readonly string[]) => {
    if (node.type === 'text') {
      const to = at + (node.value ?? '').length;
      if (classes.length > 0) stretches.push({ from: at, to, classes: classes.join(' ') });
      at = to;
      return;
    }
    const own = Array.isArray(node.properties?.className) ? node.properties.className.map(String) : [];
    for (const child of node.children ?? []) walk(child, [...classes, ...own]);
  };
  walk(tree, []);
  return stretches;
}
