import { icon } from '../../icons.ts';
import { tool } from './buttons.ts';

/** Between two versions, ms. */
const PLAY_MS = 450;

/** A button that shows one version after another. */
export class Player {
  readonly dom = tool('play', 'Play', () => this.#toggle());
  /** Shows the next version; resolves once it is shown, with false when it is the last. */
  readonly #next: (isFirst: boolean) => Promise<boolean>;
  #playing: AbortController | null = null;

  constructor(next: (isFirst: boolean) => Promise<boolean>) {
    this.#next = next;
  }

  stop(): void {
    this.#playing?.abort();
    this.#playing = null;
    this.#draw();
  }

  #toggle(): void {
    if (this.#playing !== null) this.stop();
    else void this.#play();
  }

  async #play(): Promise<void> {
    const playing = new AbortController();
    this.#playing = playing;
    this.#draw();
    for (let goesOn = await this.#next(true); goesOn && !playing.signal.aborted; goesOn = await this.#next(false)) {
      await new Promise((later) => setTimeout(later, PLAY_MS));
      if (playing.signal.aborted) return;
    }
    if (!playing.signal.aborted) this.stop();
  }

  #draw(): void {
    const label = this.#playing === null ? 'Play' : 'Pause';
    if (this.dom.title === label) return;
    this.dom.title = label;
    this.dom.setAttribute('aria-label', label);
    this.dom.replaceChildren(icon(this.#playing === null ? 'play' : 'pause'));
  }
}
