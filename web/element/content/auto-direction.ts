import { Extension } from '@tiptap/core';
import { type DOMOutputSpec, DOMSerializer, type NodeSpec } from '@tiptap/pm/model';

const BLOCKS = [
  ...['paragraph', 'heading', 'bulletList', 'orderedList', 'taskList', 'blockquote', 'tableCell', 'tableHeader'],
  ...['callout', 'detailsSummary', 'footnoteDefinition'],
];

/**
 * `dir="auto"` on every block, so that each paragraph, list and quote runs the way its own text does.
 * Only on the screen: as an attribute of the schema it would be stored, and what is copied stays
 * clean because the clipboard's serializer is made before.
 */
export const AutoDirection = Extension.create({
  name: 'autoDirection',
  onBeforeCreate() {
    const { schema } = this.editor;
    DOMSerializer.fromSchema(schema);
    for (const name of BLOCKS) {
      const spec = schema.nodes[name]?.spec as { toDOM?: NodeSpec['toDOM'] } | undefined;
      const toDOM = spec?.toDOM;
      if (spec !== undefined && toDOM !== undefined) spec.toDOM = (node) => withDirection(toDOM(node));
    }
  },
});

function withDirection(output: DOMOutputSpec): DOMOutputSpec {
  if (!Array.isArray(output)) return output;
  const [tag, second, ...rest] = output as [string, ...unknown[]];
  const hasAttributes = typeof second === 'object' && second !== null && !Array.isArray(second) && !('nodeType' in second);
  const attributes = hasAttributes ? { ...(second as Record<string, unknown>), dir: 'auto' } : { dir: 'auto' };
  return [tag, attributes, ...(hasAttributes ? rest : second === undefined ? rest : [second, ...rest])] as unknown as DOMOutputSpec;
}
