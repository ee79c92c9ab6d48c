/** An application for one test of the React component: `window.probe.render(props)` shows one editor, `window.probe.unmount()` none. */
export const REACT_PROBE = `
import type { InkwireEditorElement } from '@inkwire/editor';
import { InkwireEditor, type InkwireEditorProps } from '@inkwire/editor/react';
import { createRef, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const root = createRoot(document.querySelector('#root')!);
const ref = createRef<InkwireEditorElement>();
const told: string[] = [];
const asked: string[] = [];
let renders = 0;

function render(props: InkwireEditorProps): void {
  renders += 1;
  const count = renders;
  root.render(
    <StrictMode>
      <InkwireEditor
        {...props}
        ref={ref}
        tokenProvider={(name) => { asked.push(count + ' ' + name); return 'guest:Ada'; }}
        onStatus={(status, event) => told.push(count + ' ' + status.kind + ' ' + event.type)}
        onReady={({ editor }) => told.push(count + ' ready ' + editor.isEditable)}
      ><b slot="toolbar-end">In a slot</b></InkwireEditor>
    </StrictMode>,
  );
}

Object.assign(window, { probe: { render, unmount: () => root.render(null), ref, told, asked } });
`;

export interface Probe {
  render(props: { server: string; document: string; readOnly?: boolean; className?: string; label?: string }): void;
  unmount(): void;
  readonly ref: { readonly current: HTMLElementTagNameMap['inkwire-editor'] | null };
  /** What the handlers heard, each with the number of the render they are of. */
  readonly told: readonly string[];
  /** The documents a token was asked for, each with the number of the render that was asked. */
  readonly asked: readonly string[];
}

declare global {
  interface Window {
    readonly probe: Probe;
  }
}
