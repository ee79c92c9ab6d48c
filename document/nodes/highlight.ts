import { Highlight as TiptapHighlight } from '@tiptap/extension-highlight';

/** `#rgb`, `#rrggbb`, `rgb(…)`, `hsl(…)`, a name or a `var(--…)`: nothing that could end the declaration it stands in. */
const COLOR = /^(?:#[0-9a-f]{3,8}|[a-z]{1,32}|(?:rgb|hsl)a?\([\d\s.,%/]{1,64}\)|var\(--[\w-]{1,64}\))$/i;

/** Whether a highlight's colour is one that may stand in a style. */
export function isSafeColor(color: unknown): color is string {
  return typeof color === 'string' && COLOR.test(color);
}

/** Tiptap's highlight. Its colour comes from a writer, and must not carry other styles. */
export const Highlight = TiptapHighlight.extend({
  addAttributes() {
    return {
      color: {
        default: null,
        parseHTML: (element) => {
          const color = element.getAttribute('data-color') ?? element.style.backgroundColor;
          return isSafeColor(color) ? color : null;
        },
        renderHTML: ({ color }) => (isSafeColor(color) ? { 'data-color': color, style: `background-color: ${color}; color: inherit` } : {}),
      },
    };
  },
}).configure({ multicolor: true });
