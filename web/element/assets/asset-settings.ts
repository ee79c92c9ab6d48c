/** What an upload tells whoever began it. */
export interface UploadOptions {
  /** Aborted when the person cancels, or the editor is gone. */
  readonly signal: AbortSignal;
  /** How much has gone up, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** Where an uploaded picture or file lies, and what is to be said of it. */
export interface UploadedFile {
  /** A relative or https: address; also data: for a small picture. */
  readonly src: string;
  /** False for what is to be linked rather than shown; by default as the file's own type says. */
  readonly picture?: boolean;
  readonly alt?: string;
  readonly title?: string;
}

/** A page's own way to keep pictures and files; rejects with an `Error` whose message a person can read. */
export type UploadHandler = (file: File, options: UploadOptions) => Promise<UploadedFile>;

/** What pictures and uploads need to know of the element and the document in it. */
export interface AssetSettings {
  /** The server, without a slash at the end. */
  readonly server: string;
  readonly documentName: string;
  /** The token of this moment, or another one, when the server would not have that. */
  readonly token: (another: boolean) => Promise<string>;
  readonly uploadHandler: () => UploadHandler | null;
  /** Tells those who listen. */
  readonly say: (sentence: string) => void;
  /** Uploads that closing the page would lose. */
  readonly onPending: (count: number) => void;
}
