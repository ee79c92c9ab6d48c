import { type Attributes, Mark } from '@tiptap/core';

/**
 * The marks of suggested changes, as `@handlewithcare/prosemirror-suggest-changes` 0.1.8 defines them
 * (names, attributes, exclusions, HTML), so that it works on this schema. It needs all three to exist.
 */
const id: Attributes[string] = {
  default: null,
  parseHTML: (element) => suggestionId(element.getAttribute('data-id')),
  renderHTML: (attributes) => ({ 'data-id': JSON.stringify(attributes.id) }),
};

/** A suggestion's id from its `data-id`, which holds JSON: a number or a string; `null` when it is neither. */
export function suggestionId(json: string | null): number | string | null {
  try {
    const value: unknown = JSON.parse(json ?? 'null');
    return typeof value === 'number' || typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function suggestion(name: 'insertion' | 'deletion', tag: 'ins' | 'del') {
  return Mark.create({
    name,
    inclusive: false,
    excludes: 'insertion modification deletion',
    // Above strike and underline, which read `del` and `ins` without an id.
    priority: 1100,
    addAttributes: () => ({ id }),
    parseHTML: () => [{ tag: `${tag}[data-id]` }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });
}

/** Text somebody proposes to add. */
export const Insertion = suggestion('insertion', 'ins');

/** Text somebody proposes to remove. */
export const Deletion = suggestion('deletion', 'del');

/** A proposed change of a mark or attribute: what it was (`previousValue`) and would be (`newValue`). */
export const Modification = Mark.create({
  name: 'modification',
  inclusive: false,
  excludes: 'insertion deletion',
  priority: 1100,

  addAttributes() {
    const json = (key: string, data: string): Attributes[string] => ({
      default: null,
      parseHTML: (element) => element.getAttribute(data),
      renderHTML: (attributes) => ({ [data]: JSON.stringify(attributes[key]) }),
    });
    return {
      id,
      type: {
        default: null,
        parseHTML: (element) => element.getAttribute('data-mod-type'),
        renderHTML: ({ type }) => ({ 'data-mod-type': type }),
      },
      attrName: { default: null, rendered: false },
      previousValue: json('previousValue', 'data-mod-prev-val'),
      newValue: json('newValue', 'data-mod-new-val'),
    };
  },

  parseHTML() {
    return [{ tag: 'span[data-type="modification"][data-id]' }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['span', { 'data-type': 'modification', ...HTMLAttributes }, 0];
  },
});
