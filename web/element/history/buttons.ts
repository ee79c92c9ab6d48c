import { h } from '../../dom.ts';
import { type IconName, icon } from '../../icons.ts';

/** A button of an icon. */
export function tool(look: IconName, label: string, onclick: () => void, className = ''): HTMLButtonElement {
  return h('button', { type: 'button', class: `tool ${className}`, 'aria-label': label, title: label, onclick }, icon(look));
}

/** A button of a word. */
export function labelled(label: string, onclick: () => void, className = ''): HTMLButtonElement {
  return h('button', { type: 'button', class: `tool labelled ${className}`, onclick }, label);
}
