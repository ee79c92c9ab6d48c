import type * as Y from 'yjs';
import { WriterClient } from '../writer-client.ts';

/** Types numbered words at the start of a document's first paragraph, and knows which of them were acknowledged. */
export class Typist {
  readonly client: WriterClient;
  /** Letters and digits, unique in the test. */
  readonly id: string;
  readonly document: string;
  #typed = 0;
  #text: Y.XmlText | null = null;
  #timer: NodeJS.Timeout | undefined;
  #left: number | null = null;

  constructor(collab: string, document: string, id: string) {
    this.client = new WriterClient(collab, document);
    this.document = document;
    this.id = id;
  }

  /** Resolves when it may type: the paragraph is there, made by the first to come. */
  async ready(): Promise<void> {
    await this.client.synced();
    this.#text = this.client.text;
    await this.client.allSaved();
  }

  get typed(): number {
    return this.#typed;
  }

  /** This many of its first words were acknowledged: acknowledgements come in order. */
  get acknowledged(): number {
    return this.#left ?? this.#typed - this.client.acks.waiting;
  }

  get present(): boolean {
    return this.#left === null;
  }

  get acknowledgedWords(): string[] {
    return Array.from({ length: this.acknowledged }, (_, number) => this.#word(number));
  }

  type(): void {
    this.#text?.insert(0, this.#word(this.#typed++));
  }

  /** Types a word every `paceMs` milliseconds, or as often as the event loop turns. */
  start(paceMs: number): void {
    this.#timer = setInterval(() => this.type(), paceMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Is gone, with whatever was not acknowledged. */
  leave(): void {
    this.stop();
    this.#left ??= this.acknowledged;
    this.client.close();
  }

  #word(number: number): string {
    return `[${this.id}#${number}]`;
  }
}

/** How often each word occurs in a text. */
export function wordsIn(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/\[[a-z0-9]+#\d+\]/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
