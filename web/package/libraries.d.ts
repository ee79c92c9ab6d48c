/** A node of ProseMirror JSON. */
export interface DocumentNode {
  type?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each kind of node has its own, as Tiptap types them
  attrs?: Record<string, any> | undefined;
  content?: DocumentNode[];
  // biome-ignore lint/suspicious/noExplicitAny: the same
  marks?: { type: string; attrs?: Record<string, any>; [key: string]: any }[];
  text?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  [key: string]: any;
}

/** What most pages need of a Tiptap editor. `Libraries` says how to have all of it. */
export interface BasicEditor {
  readonly isEditable: boolean;
  readonly isEmpty: boolean;
  readonly isFocused: boolean;
  /** By name: `editor.commands.insertContent('…')`. */
  // biome-ignore lint/suspicious/noExplicitAny: their arguments are in Tiptap's own types
  readonly commands: { readonly [name: string]: (...args: any[]) => boolean };
  chain(): BasicChain;
  isActive(name: string, attributes?: Record<string, unknown>): boolean;
  getText(options?: { blockSeparator?: string }): string;
  getHTML(): string;
  getJSON(): DocumentNode;
}

/** Commands one after another: `editor.chain().focus().toggleBold().run()`. */
export type BasicChain = { run(): boolean } & {
  // biome-ignore lint/suspicious/noExplicitAny: as in `commands`
  readonly [name: string]: (...args: any[]) => BasicChain & boolean;
};

/** What most pages need of a Y.Doc. `Libraries` says how to have all of it. */
export interface BasicDocument {
  readonly clientID: number;
  getMap(name?: string): BasicMap;
  transact<Result>(change: () => Result, origin?: unknown): Result;
}

/** What most pages need of a Y.Map. */
export interface BasicMap {
  get(key: string): unknown;
  set(key: string, value: unknown): unknown;
  has(key: string): boolean;
  delete(key: string): void;
  toJSON(): Record<string, unknown>;
  observe(listener: () => void): void;
  unobserve(listener: () => void): void;
}
