import type { InkwireEditorAttributes, InkwireEditorElement, InkwireEventMap, TokenProvider, UploadHandler } from './element.d.ts';

// What `<inkwire-editor>` takes in the templates of React, Preact, Solid, Svelte and Vue. An application has one of them, and the
// compiler passes over what is said of the others: each line that names a framework may find it missing. A name in a
// framework's module may be the framework's own, so ours are long.

type EditorListeners<Prefix extends string> = {
  [Name in keyof InkwireEventMap as `${Prefix}${Name}`]?: ((event: InkwireEventMap[Name]) => void) | undefined;
};
type EditorAttributes = InkwireEditorAttributes & {
  tokenProvider?: TokenProvider | null | undefined;
  uploadHandler?: UploadHandler | null | undefined;
};

// @ts-ignore
type OfReact = import('react').HTMLAttributes<InkwireEditorElement> & import('react').ClassAttributes<InkwireEditorElement>;
// @ts-ignore
type OfPreact = import('preact').HTMLAttributes<InkwireEditorElement>;
// @ts-ignore
type OfSolid = import('solid-js').JSX.HTMLAttributes<InkwireEditorElement>;
// @ts-ignore
type OfSvelte = import('svelte/elements').HTMLAttributes<InkwireEditorElement>;
// @ts-ignore
type OfVue = import('vue').HTMLAttributes & import('vue').ReservedProps;

// Solid sets properties, and writes their names in small letters unless told otherwise by `prop:`.
type SolidEditorAttributes = Omit<InkwireEditorAttributes, 'readonly'> & {
  'prop:tokenProvider'?: TokenProvider | null | undefined;
  'prop:uploadHandler'?: UploadHandler | null | undefined;
  guestName?: string | undefined;
  readOnly?: boolean | undefined;
  'bool:readonly'?: boolean | undefined;
};

// Vue checks `@inkwire-status` as `onInkwireStatus`, and `guest-name` as `guestName`.
type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;
type VueEditorAttributes = EditorAttributes & { guestName?: string | null | undefined };
type VueEditorListeners = {
  [Name in keyof InkwireEventMap as `on${Capitalize<Camel<Name>>}`]?: ((event: InkwireEventMap[Name]) => void) | undefined;
};

// @ts-ignore
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'inkwire-editor': EditorAttributes & EditorListeners<'on'> & Omit<OfReact, keyof EditorAttributes>;
    }
  }
}

// @ts-ignore
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'inkwire-editor': EditorAttributes & EditorListeners<'on'> & Omit<OfPreact, keyof EditorAttributes>;
    }
  }
}

// @ts-ignore
declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'inkwire-editor': SolidEditorAttributes & EditorListeners<'on:'> & Omit<OfSolid, keyof InkwireEditorAttributes>;
    }
  }
}

// @ts-ignore
declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'inkwire-editor': EditorAttributes & EditorListeners<'on'> & Omit<OfSvelte, keyof EditorAttributes>;
  }
}

// @ts-ignore
declare module 'vue' {
  interface GlobalComponents {
    'inkwire-editor': new () => { $props: VueEditorAttributes & VueEditorListeners & Omit<OfVue, keyof EditorAttributes> };
  }
}
