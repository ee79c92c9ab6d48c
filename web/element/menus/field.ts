import { h } from '../../dom.ts';
import { type Anchor, float } from '../../floating.ts';

/** One input of a field. */
export interface Input {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly kind?: 'text' | 'url' | 'source';
}

export interface FieldOptions {
  readonly root: ShadowRoot;
  readonly anchor: Anchor;
  readonly label: string;
  readonly inputs: readonly Input[];
  readonly save: string;
  /** Present when there is something to remove. */
  readonly remove?: { readonly label: string; readonly run: () => void };
  /** Returns what is wrong with the values, or `null` after it used them. */
  readonly onSave: (values: readonly string[]) => string | null;
  /** Called when it closes, saved or not. */
  readonly onClose: () => void;
}

/** A small form that floats at the text: Enter saves (Ctrl/⌘ Enter in source), Escape leaves all as it was. */
export function openField(options: FieldOptions): void {
  const inputs = options.inputs.map(({ value, placeholder, kind = 'text' }) =>
    kind === 'source'
      ? h('textarea', { rows: 3, spellcheck: 'false', placeholder }, value)
      : h('input', {
          type: 'text',
          inputmode: kind === 'url' ? 'url' : null,
          value,
          placeholder,
          autocomplete: 'off',
          spellcheck: 'false',
        }),
  );
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const save = () => {
    const wrong = options.onSave(inputs.map((input) => input.value.trim()));
    if (wrong === null) return floating.close();
    problem.textContent = wrong;
    problem.hidden = false;
    inputs[0]?.focus();
  };
  const surface = h(
    'div',
    {
      class: 'field',
      role: 'dialog',
      'aria-label': options.label,
      onkeydown: (event) => {
        if (event.key !== 'Enter' || event.isComposing || event.target instanceof HTMLButtonElement) return;
        if (event.target instanceof HTMLTextAreaElement && event.shiftKey) return;
        event.preventDefault();
        save();
      },
    },
    ...options.inputs.map(({ label }, index) => h('label', {}, label, inputs[index])),
    problem,
    h(
      'div',
      { class: 'actions' },
      options.remove &&
        h(
          'button',
          {
            type: 'button',
            onclick: () => {
              options.remove?.run();
              floating.close();
            },
          },
          options.remove.label,
        ),
      h('button', { type: 'button', class: 'primary', onclick: save }, options.save),
    ),
  );
  const floating = float(surface, { root: options.root, anchor: options.anchor, onClose: options.onClose });
  inputs[0]?.focus();
  inputs[0]?.select();
}
