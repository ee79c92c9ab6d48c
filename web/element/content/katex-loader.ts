import type { KatexOptions } from 'katex';
import { adopt, sheet } from '../../dom.ts';

/** Draws LaTeX into an element; throws a `ParseError` with a message for people. */
export type RenderMath = (latex: string, into: HTMLElement, display: boolean) => void;

let loading: Promise<RenderMath> | null = null;
let styles: CSSStyleSheet | null = null;

/** KaTeX (77 kB gzip), fetched with its stylesheet and fonts when the first formula is met. */
export function loadMath(): Promise<RenderMath> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** KaTeX's stylesheet for `root`, which every shadow root must adopt for itself. */
export function adoptMathStyles(root: ShadowRoot | Document): void {
  if (styles !== null) adopt(root, styles);
}

async function load(): Promise<RenderMath> {
  const [{ default: katex }, { default: css }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css?inline')]);
  const fontFaces: string[] = [];
  const rules = css.replace(/@font-face\s*\{[^}]*\}/g, (face) => {
    fontFaces.push(face);
    return '';
  });
  styles = sheet(rules);
  // A font declared inside a shadow root is never loaded: the document declares them.
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet(fontFaces.join('\n'))];
  const options: KatexOptions = { throwOnError: true, trust: false, strict: 'ignore', maxSize: 50, maxExpand: 1000 };
  return (latex, into, display) => katex.render(latex, into, { ...options, displayMode: display });
}
