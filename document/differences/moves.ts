import * as Y from 'yjs';
import type { IdRange, Replacement } from './deeds.ts';
import { IdRanges } from './id-ranges.ts';

/** A shorter text is taken for moved only where it is all that was deleted: single letters come and go. */
const MIN_PART = 3;

/** Of larger replacements only what is equal is found, not what is a part: the search takes their product. */
const MAX_SEARCHED = 200;

/** How many items are looked at for the text before one. */
const MAX_STEPS = 1_000;

/** Part of an item. */
interface Piece {
  readonly item: Y.Item;
  readonly id: Y.ID;
  readonly text: string;
}

/** Consecutive text, or a leaf such as a picture. */
interface Run {
  readonly pieces: readonly Piece[];
  readonly text: string;
}

/**
 * What an update deletes and writes again elsewhere is moved: a paragraph that is split or joined, a block that is dragged or turned into
 * another type. Yjs knows no move, so it is found by its text. The document must hold what was deleted.
 */
export class Moves {
  /** Where what stands under an id was moved from. */
  readonly #origins = new IdRanges<Y.ID>(false);
  readonly #sources = new IdRanges<true>(true);

  constructor(document: Y.Doc, replacements: readonly Replacement[]) {
    for (const { inserted, deleted } of replacements) this.#match(insertedRuns(document, inserted), deletedRuns(document, deleted));
  }

  /** Whether what stood under this id stands elsewhere, or did. */
  isSource(client: number, clock: number): boolean {
    return this.#sources.get(client, clock) === true;
  }

  /** The range in parts, each with the id under which it was first written. */
  rootsOf({ client, clock, length }: IdRange): { readonly clock: number; readonly length: number; readonly root: Y.ID }[] {
    return this.#origins.cut(client, clock, length).flatMap((part) => {
      if (part.value === undefined) return [{ clock: part.clock, length: part.length, root: { client, clock: part.clock } }];
      const from = { client: part.value.client, clock: part.value.clock + part.offset };
      let at = part.clock;
      return this.rootsOf({ ...from, length: part.length }).map((one) => {
        const placed = { clock: at, length: one.length, root: one.root };
        at += one.length;
        return placed;
      });
    });
  }

  /** The range in parts that are a source, and that are none. */
  sourcesIn({ client, clock, length }: IdRange): { readonly clock: number; readonly length: number; readonly isSource: boolean }[] {
    return this.#sources
      .cut(client, clock, length)
      .map((part) => ({ clock: part.clock, length: part.length, isSource: part.value === true }));
  }

  #match(inserted: readonly Run[], deleted: readonly Run[]): void {
    const byText = new Map<string, Run[]>();
    for (const run of deleted) byText.set(run.text, [...(byText.get(run.text) ?? []), run]);
    const rest = inserted.filter((run) => {
      const equal = byText.get(run.text)?.shift();
      if (equal !== undefined) this.#move(equal, 0, run, 0, run.text.length);
      return equal === undefined;
    });
    const left = [...byText.values()].flat();
    if (rest.length * left.length > MAX_SEARCHED * MAX_SEARCHED) return;
    for (const run of rest) this.#matchParts(run, 0, run.text.length, left);
  }

  #matchParts(run: Run, from: number, to: number, deleted: readonly Run[]): void {
    if (to - from < MIN_PART) return;
    const text = run.text.slice(from, to);
    const whole = deleted.find((source) => source.text.includes(text));
    if (whole !== undefined) {
      this.#move(whole, whole.text.indexOf(text), run, from, text.length);
      return;
    }
    const part = deleted.find((source) => source.text.length >= MIN_PART && text.includes(source.text));
    if (part === undefined) return;
    const at = from + text.indexOf(part.text);
    this.#move(part, 0, run, at, part.text.length);
    this.#matchParts(run, from, at, deleted);
    this.#matchParts(run, at + part.text.length, to, deleted);
  }

  #move(source: Run, sourceAt: number, target: Run, targetAt: number, length: number): void {
    const [from, to] = [partsOf(source, sourceAt, length), partsOf(target, targetAt, length)];
    while (from.length > 0 && to.length > 0) {
      const [origin, piece] = [from[0]!, to[0]!];
      const step = Math.min(origin.length, piece.length);
      this.#origins.add(piece.client, piece.clock, step, { client: origin.client, clock: origin.clock });
      this.#sources.add(origin.client, origin.clock, step, true);
      for (const [list, part] of [
        [from, origin],
        [to, piece],
      ] as const) {
        if (part.length === step) list.shift();
        else list[0] = { client: part.client, clock: part.clock + step, length: part.length - step };
      }
    }
  }
}

/** The ids of a part of a run. A leaf has one id, whatever its text is. */
function partsOf({ pieces }: Run, at: number, length: number): IdRange[] {
  const parts: IdRange[] = [];
  let start = 0;
  for (const { item, id, text } of pieces) {
    const [from, to] = [Math.max(at, start), Math.min(at + length, start + text.length)];
    start += text.length;
    if (from >= to) continue;
    if (item.content instanceof Y.ContentString)
      parts.push({ client: id.client, clock: id.clock + from - (start - text.length), length: to - from });
    else parts.push({ client: id.client, clock: id.clock, length: 1 });
  }
  return parts;
}

/** What was written at once follows each other in its ids, whatever came between it later. */
function insertedRuns(document: Y.Doc, ranges: readonly IdRange[]): Run[] {
  const runs: Piece[][] = [];
  for (const piece of ranges.flatMap((range) => piecesOf(document, range))) {
    const before = runs.at(-1)?.at(-1);
    if (before !== undefined && isText(piece.item) && isText(before.item) && before.item.parent === piece.item.parent)
      runs.at(-1)!.push(piece);
    else runs.push([piece]);
  }
  return runs.map(runOf);
}

/** What was deleted at once may be of many people, in the order of the text. */
function deletedRuns(document: Y.Doc, ranges: readonly IdRange[]): Run[] {
  const byItem = new Map<Y.Item, Piece[]>();
  for (const piece of ranges.flatMap((range) => piecesOf(document, range)))
    byItem.set(piece.item, [...(byItem.get(piece.item) ?? []), piece]);
  const followed = new Map<Y.Item, Y.Item>();
  const heads: Y.Item[] = [];
  for (const item of byItem.keys()) {
    const before = isText(item) ? textBefore(item, byItem) : null;
    if (before === null) heads.push(item);
    else followed.set(before, item);
  }
  return heads.map((head) => {
    const run: Piece[] = [];
    for (let item: Y.Item | undefined = head; item !== undefined; item = followed.get(item)) run.push(...byItem.get(item)!);
    return runOf(run);
  });
}

function runOf(pieces: readonly Piece[]): Run {
  return { pieces, text: pieces.map(({ text }) => text).join('') };
}

/** The item of the same replacement whose text stands before that of an item; what was deleted earlier or written later may be between. */
function textBefore(item: Y.Item, among: ReadonlyMap<Y.Item, unknown>): Y.Item | null {
  let before = item.left;
  for (let steps = 0; before !== null && steps < MAX_STEPS; steps++, before = before.left) if (among.has(before)) return before;
  return null;
}

function isText(item: Y.Item): boolean {
  return item.content instanceof Y.ContentString;
}

function piecesOf(document: Y.Doc, { client, clock, length }: IdRange): Piece[] {
  const structs = document.store.clients.get(client);
  if (structs === undefined || clock >= Y.getState(document.store, client)) return [];
  const pieces: Piece[] = [];
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
    const struct = structs[index]!;
    if (struct.id.clock >= clock + length) break;
    if (!(struct instanceof Y.Item)) continue;
    const from = Math.max(clock, struct.id.clock);
    const to = Math.min(clock + length, struct.id.clock + struct.length);
    const text = textOf(struct, from - struct.id.clock, to - struct.id.clock);
    if (text !== '') pieces.push({ item: struct, id: { client, clock: from }, text });
  }
  return pieces;
}

/** What an item says; '' for what is told by what it holds. */
function textOf({ content }: Y.Item, from: number, to: number): string {
  if (content instanceof Y.ContentString) return content.str.slice(from, to);
  if (!(content instanceof Y.ContentType) || !(content.type instanceof Y.XmlElement) || content.type._start !== null) return '';
  const attributes = Array.from(content.type._map, ([key, { content: value }]) => [key, value.getContent()]);
  // A sign that no text has, so that a leaf is equal to a leaf alone.
  return attributes.length === 0 && !LEAVES.has(content.type.nodeName) ? '' : `\0${content.type.nodeName}${JSON.stringify(attributes)}`;
}

/** Those that are something without an attribute. */
const LEAVES: ReadonlySet<string> = new Set(['horizontalRule', 'hardBreak']);
