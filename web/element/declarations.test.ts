import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type * as declared from '../package/index.d.ts';
import type { InkwireEventMap } from './events.ts';
import type { InkwireEditorElement } from './inkwire-editor.ts';

/** True when both types take each other's values: a declaration that says too much or too little fails `npm run check`. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Public<Element> = Omit<Element, keyof HTMLElement | `${string}Callback`>;

describe('web/package/index.d.ts', () => {
  it('declares the element that is built', () => {
    const same: Same<Public<InkwireEditorElement>, Public<declared.InkwireEditorElement>> = true;
    const told: Same<InkwireEventMap, declared.InkwireEventMap> = true;
    assert.ok(same && told);
  });
});
