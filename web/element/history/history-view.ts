import type { Editor, JSONContent } from '@tiptap/core';
import { controlStyles } from '../../control-styles.ts';
import { adopt, h, sheet } from '../../dom.ts';
import historyCss from '../../style/history.css?inline';
import listCss from '../../style/history-list.css?inline';
import { openField } from '../menus/field.ts';
import type { Person } from '../people/people.ts';
import { Authors, type ShownAuthor } from './authors.ts';
import { labelled, tool } from './buttons.ts';
import { everyone, someone } from './contribution-line.ts';
import { DifferenceReader } from './difference-reader.ts';
import { type Contribution, HistoryClient, type HistorySettings, type Shown, type Version } from './history-client.ts';
import { Player } from './player.ts';
import { Scrubber } from './scrubber.ts';
import { SessionList } from './session-list.ts';
import { momentOf } from './times.ts';

/** So many versions are shown from the first to the last while they play. */
const PLAY_STEPS = 60;

export interface HistoryViewOptions {
  readonly root: ShadowRoot;
  readonly settings: HistorySettings;
  /** What versions are compared with at first; `null` for the one before. */
  readonly since: number | null;
  readonly mayEdit: () => boolean;
  readonly people: () => readonly Person[];
  /** An editor that shows a content and is bound to nothing. */
  readonly makeReader: (content: JSONContent, mount: HTMLElement) => Editor;
  /** Tells those who listen. */
  readonly say: (sentence: string) => void;
  readonly onClose: () => void;
  /** Another version is shown. */
  readonly onVersion: (version: number) => void;
}

/** What versions are compared with: the stretch of writing before them, nothing, the empty document, or one of them. */
type Against = 'before' | 'nothing' | number;

/** The versions of a document: which there are, what each was and who made it so, and the way back. */
export class HistoryView {
  readonly dom: HTMLElement;
  readonly #options: HistoryViewOptions;
  readonly #client: HistoryClient;
  readonly #authors: Authors;
  readonly #reader: DifferenceReader;
  readonly #list: SessionList;
  readonly #scrubber = new Scrubber((version) => void this.#choose(version));
  readonly #title = h('h2', { class: 'history-title', tabindex: '-1' });
  readonly #who = h('p', { class: 'history-who' });
  readonly #place = h('output', { class: 'history-place' });
  readonly #problem = h('p', { class: 'history-problem', role: 'alert', hidden: true });
  readonly #done = h('div', { class: 'history-done', role: 'status', hidden: true });
  readonly #against = h('select', { 'aria-label': 'Compared with', onchange: () => this.#compare() });
  readonly #steps: readonly HTMLButtonElement[];
  readonly #player = new Player((isFirst) => this.#playOn(isFirst));
  readonly #restore: HTMLButtonElement;
  readonly #undo: HTMLButtonElement;
  readonly #name: HTMLButtonElement;
  readonly #close: HTMLButtonElement;
  #versions: readonly Version[] = [];
  #next: number | null = null;
  #version = 0;
  #compared: Against;
  #shown: Shown | null = null;
  #asked = new AbortController();

  constructor(options: HistoryViewOptions) {
    this.#options = options;
    this.#client = new HistoryClient(options.settings);
    this.#authors = new Authors(options.people);
    this.#compared = options.since ?? 'before';
    styles ??= sheet(`${historyCss}\n${listCss}`);
    adopt(options.root, controlStyles);
    adopt(options.root, styles);
    const mayEdit = options.mayEdit();
    this.#reader = new DifferenceReader(options.root, options.makeReader);
    this.#list = new SessionList({
      author: (author, name) => this.#authors.of(author, name),
      onChoose: (version) => void this.#choose(version),
      onOlder: () => void this.#attempt(() => this.#older()),
      onUnname: mayEdit ? (id) => void this.#attempt(() => this.#change(() => this.#client.removeName(id))) : null,
    });
    this.#steps = [tool('chevron', 'Change before', () => this.#step(-1), 'up'), tool('chevron', 'Next change', () => this.#step(1))];
    this.#name = labelled('Name…', () => this.#askName());
    this.#undo = tool('undo', 'Take these changes back', () => void this.#attempt(() => this.#takeBack()));
    this.#restore = labelled('Restore', () => void this.#attempt(() => this.#bringBack()), 'primary');
    this.#name.hidden = !mayEdit;
    this.#restore.hidden = !mayEdit;
    this.#close = tool('close', 'Back to the document', () => this.close());
    this.dom = h(
      'section',
      { class: 'history', 'aria-label': 'Version history', onkeydown: (event) => this.#onKey(event) },
      h(
        'header',
        { class: 'history-bar' },
        h('div', { class: 'history-said' }, this.#title, this.#who),
        h(
          'div',
          { class: 'history-tools' },
          this.#place,
          ...this.#steps,
          this.#undo,
          this.#player.dom,
          this.#name,
          this.#restore,
          this.#close,
        ),
      ),
      h('div', { class: 'history-line' }, this.#scrubber.dom, this.#against),
      this.#problem,
      this.#done,
      h(
        'div',
        {
          class: 'history-sheet',
          onpointerover: (event) => this.#point(event),
          onpointerleave: () => this.#showWho(null),
        },
        this.#reader.dom,
      ),
      this.#list.dom,
    );
    void this.#attempt(() => this.#load());
  }

  focus(): void {
    this.#title.focus();
  }

  close(): void {
    this.#options.onClose();
  }

  destroy(): void {
    this.#asked.abort();
    this.#player.stop();
    this.#reader.destroy();
    this.dom.remove();
  }

  async #load(): Promise<void> {
    const { versions, next } = await this.#client.versions(null);
    this.#versions = versions;
    this.#next = next;
    const newest = versions[0];
    if (newest === undefined) {
      this.#title.textContent = 'Nothing was written yet';
      for (const button of [...this.#steps, this.#undo, this.#player.dom, this.#name, this.#restore]) button.hidden = true;
      return;
    }
    if (this.#version === 0) this.#version = newest.version;
    this.#scrubber.show(versions, this.#authors);
    this.#offer();
    await this.#show();
  }

  async #older(): Promise<void> {
    const { versions, next } = await this.#client.versions(this.#next);
    this.#versions = [...this.#versions, ...versions];
    this.#next = next;
    this.#scrubber.show(this.#versions, this.#authors);
    this.#offer();
    this.#draw();
  }

  /** Asks again what there is, after something that changes it. */
  async #change(make: () => Promise<void>): Promise<void> {
    await make();
    await this.#load();
  }

  #choose(version: number, isPlayed = false): Promise<void> {
    if (!isPlayed) this.#player.stop();
    this.#done.hidden = true;
    this.#version = version;
    return this.#attempt(() => this.#show());
  }

  async #show(): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    this.#draw();
    const shown = await this.#client.show(this.#version, this.#earlier, signal);
    if (signal.aborted) return;
    this.#shown = shown;
    this.#reader.show(shown, (id) => this.#authorOf(shown.contributions[id]));
    const count = this.#reader.count;
    this.#place.textContent = shown.contributions.length === 0 ? '' : count === 1 ? '1 change' : `${count} changes`;
    for (const button of this.#steps) button.hidden = count === 0;
    this.#undo.hidden = count === 0 || this.#compared === 0 || !this.#options.mayEdit();
    this.#showWho(null);
    this.#options.onVersion(this.#version);
  }

  /** The version that this one is compared with. */
  get #earlier(): number | null {
    if (this.#compared === 'nothing') return null;
    if (this.#compared !== 'before') return this.#compared;
    return (this.#sessionAt(this.#version)?.from ?? 1) - 1;
  }

  #sessionAt(version: number): Version | undefined {
    return this.#versions.find(({ from, version: last }) => version >= from && version <= last);
  }

  #draw(): void {
    const session = this.#sessionAt(this.#version);
    const newest = this.#versions[0];
    const isNow = newest?.version === this.#version;
    const name = session?.names.find(({ version }) => version === this.#version)?.name;
    const when = session === undefined ? '' : momentOf(new Date(session.endedAt), new Date());
    this.#title.textContent = name ?? (isNow ? 'The document as it is' : when);
    this.#title.title = `Version ${this.#version}${name === undefined ? '' : `, ${when}`}`;
    this.#scrubber.value = this.#version;
    this.#scrubber.text = `Version ${this.#version}, ${when}`;
    this.#restore.hidden = isNow || !this.#options.mayEdit();
    this.#list.show(this.#versions, this.#version, this.#next !== null, new Date());
  }

  /** The versions one can compare with. */
  #offer(): void {
    const option = (value: Against, label: string) => h('option', { value: String(value) }, label);
    const named = this.#versions.flatMap(({ names }) => names.map(({ version, name }) => option(version, `Since “${name}”`)));
    const { since } = this.#options;
    this.#against.replaceChildren(
      option('before', 'What changed then'),
      ...(since === null ? [] : [option(since, 'Since your last visit')]),
      ...named,
      option(0, 'Who wrote what'),
      option('nothing', 'Without changes'),
    );
    this.#against.value = String(this.#compared);
  }

  #compare(): void {
    const { value } = this.#against;
    this.#compared = value === 'before' || value === 'nothing' ? value : Number(value);
    this.#player.stop();
    void this.#attempt(() => this.#show());
  }

  #step(by: 1 | -1): void {
    this.#player.stop();
    const step = this.#reader.step(by);
    if (step === null) return;
    this.#place.textContent = `${step.at + 1} of ${step.of}`;
    this.#showWho(step.contribution);
    this.#options.say(`Change ${step.at + 1} of ${step.of}. ${this.#who.textContent}`);
  }

  #point(event: PointerEvent): void {
    this.#showWho(this.#reader.contributionAt(event.composedPath()[0] ?? null));
  }

  /** Who did one thing and when; without it, who did how much of all. */
  #showWho(id: number | null): void {
    const one = id === null ? undefined : this.#shown?.contributions[id];
    const author = (other: Contribution) => this.#authorOf(other);
    const said = one === undefined ? everyone(this.#shown?.contributions ?? [], author) : [someone(one, author(one))];
    this.#who.replaceChildren(...said);
  }

  #authorOf(one: Contribution | undefined): ShownAuthor {
    return this.#authors.of(one?.author ?? null, one?.name ?? null);
  }

  /** The next of the versions that are played; false at the last. */
  async #playOn(isFirst: boolean): Promise<boolean> {
    const [first, last] = [this.#versions.at(-1)?.from ?? 1, this.#versions[0]?.version ?? 1];
    const step = Math.max(1, Math.ceil((last - first) / PLAY_STEPS));
    await this.#choose(isFirst && this.#version >= last ? first : Math.min(last, this.#version + step), true);
    return this.#version < last;
  }

  #askName(): void {
    const version = this.#version;
    openField({
      root: this.#options.root,
      anchor: this.#name,
      label: 'Name this version',
      inputs: [{ label: 'Name', value: '', placeholder: 'Sent to the printer' }],
      save: 'Save',
      onSave: ([name = '']) => {
        if (name === '') return 'Give it a name.';
        void this.#attempt(() => this.#change(() => this.#client.name(version, name)));
        return null;
      },
      onClose: () => this.#name.focus(),
    });
  }

  /** Changes the document for everybody, and offers to take that back. */
  async #edit(make: () => Promise<string | null>, done: string): Promise<void> {
    const edit = await make();
    this.#version = 0;
    this.#compared = 'before';
    await this.#load();
    const undo = async () => {
      await this.#client.undo(edit!);
      this.#version = 0;
      await this.#load();
      this.#done.hidden = true;
    };
    this.#done.replaceChildren(
      edit === null ? 'The document says so already; nothing was changed.' : done,
      ...(edit === null ? [] : [labelled('Undo', () => void this.#attempt(undo))]),
    );
    this.#done.hidden = false;
  }

  #bringBack(): Promise<void> {
    return this.#edit(() => this.#client.restore(this.#version), `“${this.#title.textContent}” is back, for everybody.`);
  }

  #takeBack(): Promise<void> {
    const from = this.#earlier ?? 0;
    return this.#edit(
      () => this.#client.undoVersions(from, this.#version),
      'These changes are taken back, for everybody. What was written since is there.',
    );
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#problem.hidden = true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.#player.stop();
      this.#problem.textContent = (error as Error).message;
      this.#problem.hidden = false;
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping =
      event.target instanceof HTMLSelectElement || (event.target instanceof HTMLInputElement && event.target.type !== 'range');
    if (event.key === 'Escape') this.close();
    else if (!isTyping && event.key === 'n') this.#step(1);
    else if (!isTyping && event.key === 'p') this.#step(-1);
    else return;
    event.preventDefault();
  }
}

let styles: CSSStyleSheet | null = null;
