import type { Editor } from '@tiptap/core';
import { h } from '../dom.ts';

interface Heading {
  readonly position: number;
  readonly level: number;
  readonly text: string;
}

/** How far below the window's top a heading counts as read, pixels. */
const READ_LINE = 140;

/** The document's headings beside it; the one being read is marked. */
export class Outline {
  readonly dom = h('nav', { class: 'outline bare', 'aria-label': 'Outline' });
  #editor: Editor | null = null;
  #headings: Heading[] = [];
  #frame = 0;

  constructor() {
    addEventListener('scroll', this.#schedule, { passive: true });
  }

  show(editor: Editor): void {
    this.#editor?.off('update', this.#update);
    this.#editor = editor;
    editor.on('update', this.#update);
    this.#update();
  }

  destroy(): void {
    removeEventListener('scroll', this.#schedule);
    cancelAnimationFrame(this.#frame);
    this.#editor?.off('update', this.#update);
  }

  readonly #update = () => {
    const headings: Heading[] = [];
    this.#editor?.state.doc.forEach((node, position) => {
      if (node.type.name === 'heading' && node.textContent.trim() !== '') {
        headings.push({ position, level: Number(node.attrs.level), text: node.textContent });
      }
    });
    const same =
      headings.length === this.#headings.length &&
      headings.every((h, i) => h.text === this.#headings[i]?.text && h.level === this.#headings[i]?.level);
    this.#headings = headings;
    if (!same) this.#draw();
    this.#schedule();
  };

  #draw(): void {
    const least = Math.min(...this.#headings.map(({ level }) => level));
    this.dom.classList.toggle('bare', this.#headings.length < 2);
    this.dom.replaceChildren(
      h(
        'ol',
        {},
        ...this.#headings.map(({ level, text }, index) => {
          const button = h('button', { type: 'button', dir: 'auto', title: text, onclick: () => this.#goTo(index) }, text);
          button.style.setProperty('--depth', String(Math.min(3, level - least)));
          return h('li', {}, button);
        }),
      ),
    );
  }

  /** A long outline goes along with the reader. Only it is scrolled: the page is where the reader has it. */
  #keepInSight(button: HTMLElement): void {
    const { offsetTop, offsetHeight } = button;
    const { scrollTop, clientHeight } = this.dom;
    if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight) this.dom.scrollTop = offsetTop - clientHeight / 2;
  }

  #goTo(index: number): void {
    const element = this.#elementOf(index);
    if (element === null) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    scrollTo({ top: scrollY + element.getBoundingClientRect().top - READ_LINE + 16, behavior: still ? 'auto' : 'smooth' });
    const heading = this.#headings[index];
    if (heading !== undefined) this.#editor?.commands.setTextSelection(heading.position + 1);
  }

  #elementOf(index: number): HTMLElement | null {
    const heading = this.#headings[index];
    const element =
      heading === undefined || this.#editor === null || this.#editor.isDestroyed ? null : this.#editor.view.nodeDOM(heading.position);
    return element instanceof HTMLElement ? element : null;
  }

  readonly #schedule = () => {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.dom.offsetParent === null && getComputedStyle(this.dom).display === 'none') return;
      let current = -1;
      for (let at = 0; at < this.#headings.length; at += 1) {
        const element = this.#elementOf(at);
        if (element === null || element.getBoundingClientRect().top > READ_LINE) break;
        current = at;
      }
      this.dom.querySelectorAll('button').forEach((button, at) => {
        const isCurrent = at === current;
        if (isCurrent && button.ariaCurrent !== 'true') this.#keepInSight(button);
        button.ariaCurrent = String(isCurrent);
      });
    });
  };
}
