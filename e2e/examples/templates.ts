/** What `<inkwire-editor>` takes in templates that are type-checked alone: each `@ts-expect-error` has to be one. */
export interface Template {
  readonly framework: string;
  /** Its package, which `jsxImportSource` names. */
  readonly source: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly file: string;
  readonly text: string;
}

const MISTAKES = `
// @ts-expect-error a name is text
export const wrong = <inkwire-editor document={1} />;
// @ts-expect-error there is no such attribute
export const misspelt = <inkwire-editor documentt="x" />;
// @ts-expect-error there is no such mode
export const mode = <inkwire-editor mode="write" />;
`;

export const TEMPLATES: readonly Template[] = [
  {
    framework: 'React',
    source: 'react',
    packages: { react: '19.3.1', '@types/react': '19.3.0' },
    file: 'react.tsx',
    text: `import '@inkwire/editor';
      import type { InkwireEditorElement, Status } from '@inkwire/editor';
      import { InkwireEditor } from '@inkwire/editor/react';
      import { createRef } from 'react';
      export const tag = <inkwire-editor document="x" readonly guest-name="Ada" className="z" key="k" tokenProvider={async (name) => name}
        oninkwire-status={(event) => { const status: Status = event.detail; void status; }}
        ref={(element) => { void element?.status.kind; }}><b slot="toolbar-end">x</b></inkwire-editor>;
      const ref = createRef<InkwireEditorElement>();
      export const component = <InkwireEditor ref={ref} key="a" server="s" document="d" className="x" style={{ height: 1 }} readOnly autoFocus
        onStatus={({ waiting }, event) => { const count: number = waiting; void count; event.preventDefault(); }}
        onChange={({ local }) => { const here: boolean = local; void here; }}
        onReady={({ editor }) => editor.chain().focus().toggleBold().run()}
        onClick={(event) => event.currentTarget.getMarkdown()}><button slot="toolbar-end" type="button">x</button></InkwireEditor>;
      // @ts-expect-error a component knows no server by itself
      export const homeless = <InkwireEditor document="d" />;
      // @ts-expect-error a status has no such member
      export const untold = <InkwireEditor server="s" document="d" onStatus={({ word }) => word} />;
      ${MISTAKES}`,
  },
  {
    framework: 'Preact',
    source: 'preact',
    packages: { preact: '11.2.0' },
    file: 'preact.tsx',
    text: `import '@inkwire/editor';
      export const tag = <inkwire-editor document="x" readonly guest-name="Ada" class="z" key="k" tokenProvider={async (name) => name}
        oninkwire-status={(event) => { const waiting: number = event.detail.waiting; void waiting; }}
        ref={(element) => { void element?.status.kind; }}><b slot="toolbar-end">x</b></inkwire-editor>;
      ${MISTAKES}`,
  },
  {
    framework: 'Solid',
    source: 'solid-js',
    packages: { 'solid-js': '1.9.19' },
    file: 'solid.tsx',
    text: `import '@inkwire/editor';
      export const tag = <inkwire-editor document="x" readOnly guest-name="Ada" class="z" prop:tokenProvider={async (name) => name}
        on:inkwire-status={(event) => { const waiting: number = event.detail.waiting; void waiting; }}
        ref={(element) => { void element.status.kind; }}><b slot="toolbar-end">x</b></inkwire-editor>;
      ${MISTAKES}`,
  },
];
