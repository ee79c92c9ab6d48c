import type { AssetAddresses } from '../../document/asset-addresses.ts';
import type { Block } from '../../document/blocks.ts';
import type { EditMark } from '../../document/edits/made-edits.ts';
import type { EditTask } from '../../document/edits/make-edit.ts';
import type { Change } from '../../document/edits/operations.ts';
import type { SuggestionChoice } from '../../document/suggestions.ts';

/** A document as a file. */
export interface Exported {
  readonly body: Uint8Array;
  /** Sentences about what the format could not say. */
  readonly warnings: string[];
  /** Names of the roots that hold something, when the one that was asked for holds nothing. */
  readonly otherRoots: readonly string[];
  /**
   * The hashes of the document's own pictures, when the format holds pictures and none were given: nothing is written then, and
   * they are to be sent along.
   */
  readonly wanted?: readonly string[] | undefined;
}

/** Sizes of paper, by the names of ISO 216 and of ANSI. */
export const PAPERS = ['a4', 'a5', 'a3', 'letter', 'legal'] as const;

/** The page that text is set on. */
export interface PageSetup {
  readonly paper: (typeof PAPERS)[number];
  /** From each edge to the text, mm. */
  readonly marginMm: number;
}

/** What of a document is exported, and how. */
export interface ExportedAs {
  /** How pictures are named; as the document does without it. */
  readonly addresses?: AssetAddresses | undefined;
  /** The root that is read; the editor's own without it. */
  readonly root?: string | undefined;
  /** What becomes of suggested changes; `keep` without it. */
  readonly suggestions?: SuggestionChoice | undefined;
  /** HTML to put into a page, rather than a page. */
  readonly isFragment?: boolean | undefined;
  /** Of a PDF. */
  readonly page?: PageSetup | undefined;
  /** Folders of fonts for a PDF, beside those that are shipped. */
  readonly fonts?: readonly string[] | undefined;
  /** A `DifferenceOfVersions` as JSON: what is exported, rather than the state. */
  readonly difference?: Uint8Array | undefined;
  /** The document's own pictures, by their hash; those that are not among them are left as links. */
  readonly pictures?: ReadonlyMap<string, Uint8Array> | undefined;
}

/** A file as what writes it into a document. */
export interface Imported {
  /** A Yjs update (format V1), written under `clientId`; `null` when there is nothing to write. */
  readonly update: Uint8Array | null;
  readonly clientId: number;
  /** The title of a new document: as asked for, else as the file has it; '' without one. */
  readonly title: string;
  /** Sentences about what could not be kept as it was. */
  readonly warnings: string[];
  /** Bytes of the pictures that the file holds, which the document shows by their hash. */
  readonly pictures?: readonly Uint8Array[];
}

/** Where a file goes: into a new document of this title, or into one that these updates (format V1) make up, in place of its content. */
export type Into = ({ readonly title: string | null } | { readonly state: readonly Uint8Array[] }) & {
  /** Whose pictures those of the file become, and how large one may be, bytes; without it they stay in the content. */
  readonly pictures?: { readonly documentName: string; readonly maxBytes: number };
};

/** Who asks for a conversion. */
export interface Asker {
  /** Askers take turns. */
  readonly owner: string;
  /** Aborted when they have left: what is being made for them is given up. */
  readonly signal: AbortSignal;
}

/** An edit as what writes it into a document. */
export interface MadeEdit {
  /** A Yjs update (format V1), written under `clientId`; `null` when there is nothing to write. */
  readonly update: Uint8Array | null;
  readonly clientId: number;
  readonly changes: readonly Change[];
  readonly warnings: string[];
}

/** A document as blocks. */
export interface ReadBlocks {
  readonly title: string;
  /** `markdown`: of an outermost block, with all that is in it. */
  readonly blocks: readonly (Block & { readonly markdown?: string })[];
}

/** Conversions between documents and files. All throw `unknown-format`, `content-too-complex`, `conversion-timeout`, `overloaded`, `shutting-down`, and `bad-request` to an asker who has left. */
export interface Conversions {
  /** The updates (format V1) that a document is made up of → a file of the format. Throws `bad-request` for a root that there is not, or that the format cannot hold. */
  toFormat(format: string, state: readonly Uint8Array[], title: string, as?: ExportedAs, asker?: Asker): Promise<Exported>;
  /** A file → what writes it into a document. Throws `bad-content` beside these. */
  fromFormat(format: string, file: Uint8Array, into: Into, asker?: Asker): Promise<Imported>;
  /** What an edit writes, under `clientId` and with `id` in the document's `meta`. Throws `edit-refused` beside these. */
  makeEdit(task: EditTask, mark: EditMark, asker?: Asker): Promise<MadeEdit>;
  /** What has changed in the outermost blocks from one state to another. */
  difference(before: readonly Uint8Array[], after: readonly Uint8Array[], asker?: Asker): Promise<readonly Change[]>;
  /** The blocks of a document, and its outermost ones as Markdown. */
  readBlocks(state: readonly Uint8Array[], asker?: Asker): Promise<ReadBlocks>;
}
