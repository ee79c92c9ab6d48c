import type { ContentNode } from '../content.ts';
import { footnoteKey } from '../nodes/footnote.ts';

/** What a footnote says. */
export interface Footnote {
  /** As its definition has it. */
  readonly label: string;
  /** Whether anything in the text calls it. */
  readonly isCalled: boolean;
  readonly content: readonly ContentNode[];
}

/**
 * A document whose footnotes stand at its end, in the order in which they are first called, and those that nothing calls
 * after them. Calls get `number`, from 1, the label of the definition, and `isFirst`, on the first of each; a call of what
 * is not there gets no number.
 */
export function numberFootnotes(content: ContentNode): { readonly body: ContentNode; readonly notes: readonly Footnote[] } {
  const definitions = new Map<string, ContentNode>();
  const taken: ContentNode[] = [];
  const without = (node: ContentNode): ContentNode => {
    if (node.content === undefined) return node;
    const kept = node.content.filter((child) => child.type !== 'footnoteDefinition').map(without);
    for (const child of node.content) if (child.type === 'footnoteDefinition') taken.push(without(child));
    return { ...node, content: kept };
  };
  const body = without(content);
  for (const node of taken) {
    const key = footnoteKey(node.attrs?.label);
    const first = definitions.get(key);
    // Markdown takes the first; of another with its label nothing is lost.
    if (first === undefined) definitions.set(key, node);
    else definitions.set(key, { ...first, content: [...(first.content ?? []), ...(node.content ?? [])] });
  }
  const order: string[] = [];
  const called = (node: ContentNode): ContentNode => {
    if (node.type === 'footnoteReference') {
      const key = footnoteKey(node.attrs?.label);
      const definition = definitions.get(key);
      if (definition === undefined) return node;
      const isFirst = !order.includes(key);
      if (isFirst) order.push(key);
      return { ...node, attrs: { label: definition.attrs?.label, number: order.indexOf(key) + 1, isFirst } };
    }
    return node.content ? { ...node, content: node.content.map(called) } : node;
  };
  const numbered = called(body);
  const notes: Footnote[] = [];
  // A note may call another, which is then numbered in its turn.
  for (let at = 0; at < order.length; at++) notes.push(noteOf(called(definitions.get(order[at]!)!), true));
  for (const [key, definition] of definitions) if (!order.includes(key)) notes.push(noteOf(definition, false));
  return { body: numbered, notes };
}

const noteOf = ({ attrs, content }: ContentNode, isCalled: boolean): Footnote => ({
  label: String(attrs?.label),
  isCalled,
  content: content ?? [],
});
