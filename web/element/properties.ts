/** Properties that show an attribute, and the attribute. Frameworks set the one or the other. */
const TEXTS = {
  server: 'server',
  document: 'document',
  token: 'token',
  mode: 'mode',
  guestName: 'guest-name',
  toolbar: 'toolbar',
  theme: 'theme',
  placeholder: 'placeholder',
  label: 'label',
  name: 'name',
} as const;

/** The attributes as properties: `null` for one that is not there, and to take it away. */
export interface AttributeProperties {
  server: string | null;
  document: string | null;
  token: string | null;
  mode: 'edit' | 'view' | null;
  guestName: string | null;
  toolbar: 'full' | 'minimal' | 'none' | null;
  theme: 'auto' | 'light' | 'dark' | null;
  placeholder: string | null;
  label: string | null;
  name: string | null;
  readOnly: boolean;
}

/** Gives the class of an element the properties that show its attributes. */
export function reflectAttributes(prototype: HTMLElement): void {
  for (const [property, attribute] of Object.entries(TEXTS)) {
    define(prototype, property, {
      get: (element) => element.getAttribute(attribute),
      set: (element, value) => setAttribute(element, attribute, value),
    });
  }
  define(prototype, 'readOnly', {
    get: (element) => element.hasAttribute('readonly'),
    set: (element, value) => element.toggleAttribute('readonly', Boolean(value)),
  });
}

/** Sets anew what was set before the element was defined, and lies over its accessors since. */
export function takeEarlyProperties(element: HTMLElement): void {
  for (const property of [...Object.keys(TEXTS), 'readOnly', 'tokenProvider', 'uploadHandler']) {
    if (!Object.hasOwn(element, property)) continue;
    const value = Reflect.get(element, property);
    Reflect.deleteProperty(element, property);
    Reflect.set(element, property, value);
  }
}

interface Accessor {
  readonly get: (element: HTMLElement) => unknown;
  readonly set: (element: HTMLElement, value: unknown) => void;
}

function define(prototype: HTMLElement, property: string, { get, set }: Accessor): void {
  Object.defineProperty(prototype, property, {
    configurable: true,
    enumerable: true,
    get(this: HTMLElement) {
      return get(this);
    },
    set(this: HTMLElement, value: unknown) {
      set(this, value);
    },
  });
}

function setAttribute(element: HTMLElement, attribute: string, value: unknown): void {
  if (value === null || value === undefined) element.removeAttribute(attribute);
  else element.setAttribute(attribute, String(value));
}
