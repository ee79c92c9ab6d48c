type Child = Node | string | null | undefined | false;
type Listeners = { [K in keyof HTMLElementEventMap as `on${K}`]?: (event: HTMLElementEventMap[K]) => void };
type Attributes = Listeners & { readonly [name: string]: unknown };

/**
 * An element with attributes, listeners (`onclick`) and children. `true` sets an empty attribute;
 * `false`, `null` and `undefined` leave it out. Text is always text, never markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Has a document or shadow root use a stylesheet too. */
export function adopt(root: Node, made: CSSStyleSheet): void {
  if (!(root instanceof ShadowRoot || root instanceof Document) || root.adoptedStyleSheets.includes(made)) return;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, made];
}

/** A stylesheet to adopt: `<style>` tags are refused by a strict `style-src`. */
export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
