import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { ApiError, type ImportProgress, importDocument } from './api.ts';
import { fileToImport, IMPORTABLE } from './file-to-import.ts';

export interface ImportsOptions {
  /** All files of one choice are done: the names of the documents that were made. */
  readonly onDone: (names: readonly string[]) => void;
}

/** The files that become documents: chosen or dropped, each with its progress, a way to cancel, and the server's words when it refuses one. */
export class Imports {
  /** A row for each file on its way or refused. */
  readonly dom = h('ul', { class: 'imports', 'aria-label': 'Imports' });
  readonly #options: ImportsOptions;
  readonly #left = new AbortController();

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /** To be called from a press or a key. */
  readonly choose = (): void => {
    const input = h('input', { type: 'file', multiple: true, accept: IMPORTABLE });
    input.addEventListener('change', () => void this.take([...(input.files ?? [])]));
    input.click();
  };

  /** Imports one after another: the server reads a caller's large files one at a time. */
  async take(files: readonly File[]): Promise<void> {
    const rows = files.map((file) => new ImportRow(file));
    this.dom.append(...rows.map(({ dom }) => dom));
    const names: string[] = [];
    for (const row of rows) {
      const name = await row.run(this.#left.signal);
      if (name !== null) names.push(name);
    }
    if (!this.#left.signal.aborted && names.length > 0) this.#options.onDone(names);
  }

  /** The page is left; what is on its way is given up. */
  destroy(): void {
    this.#left.abort();
  }
}

class ImportRow {
  readonly dom: HTMLElement;
  readonly #file: File;
  readonly #cancelled = new AbortController();
  readonly #said = h('span', { class: 'import-said', role: 'status' }, 'Waiting');
  readonly #bar = h('progress', { max: '1', value: '0', 'aria-label': 'Progress' });
  readonly #button = h('button', { type: 'button', class: 'button', onclick: () => this.#leave() }, 'Cancel');

  constructor(file: File) {
    this.#file = file;
    this.dom = h(
      'li',
      { class: 'import-row' },
      icon('file'),
      h('span', { class: 'title', dir: 'auto' }, file.name),
      this.#said,
      this.#bar,
      this.#button,
    );
  }

  /** The name of the document it became; `null` when it was cancelled, or refused, which the row says until it is dismissed. */
  async run(left: AbortSignal): Promise<string | null> {
    const signal = AbortSignal.any([left, this.#cancelled.signal]);
    if (signal.aborted) return null;
    try {
      const how = await fileToImport(this.#file);
      if ('problem' in how) throw new ApiError(how.problem, null);
      const { name } = await importDocument(how, (progress) => this.#show(progress), signal);
      this.dom.remove();
      return name;
    } catch (error) {
      if (!signal.aborted) this.#refuse(error instanceof ApiError ? error.message : 'The file could not be read.');
      return null;
    }
  }

  #show(progress: ImportProgress): void {
    if (progress === 'reading') {
      this.#said.textContent = 'Reading…';
      this.#bar.removeAttribute('value');
    } else {
      this.#said.textContent = `Sending ${Math.round(progress.sent * 100)} %`;
      this.#bar.value = progress.sent;
    }
  }

  #refuse(words: string): void {
    this.dom.classList.add('refused');
    this.#bar.remove();
    this.#said.className = 'import-problem';
    this.#said.textContent = words;
    this.#button.textContent = 'Dismiss';
  }

  #leave(): void {
    this.#cancelled.abort();
    this.dom.remove();
  }
}
