/** What is known of a way to write a document down; the code that does it is the server's (`server/workers/formats/`). */
interface FormatFacts {
  readonly name: string;
  /** What a menu calls it. */
  readonly label: string;
  /** The first is the one exports are sent as; all are understood in `Accept` and `Content-Type`. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** A file's extension, without the dot; also an alias of the name. */
  readonly extension: string;
  /** Whether a file is UTF-8 text; others hold any bytes. */
  readonly text: boolean;
  /** There when documents can be written in it. */
  readonly export?: true;
  /** There when documents can be made from it. */
  readonly import?: true;
}

const TABLE = [
  {
    name: 'markdown',
    label: 'Markdown',
    mediaTypes: ['text/markdown', 'text/x-markdown'],
    extension: 'md',
    text: true,
    export: true,
    import: true,
  },
  {
    name: 'html',
    label: 'Web page',
    mediaTypes: ['text/html', 'application/xhtml+xml'],
    extension: 'html',
    text: true,
    export: true,
    import: true,
  },
  { name: 'text', label: 'Plain text', mediaTypes: ['text/plain'], extension: 'txt', text: true, export: true, import: true },
  {
    name: 'docx',
    label: 'Word',
    mediaTypes: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    extension: 'docx',
    text: false,
    export: true,
    import: true,
  },
  { name: 'pdf', label: 'PDF', mediaTypes: ['application/pdf'], extension: 'pdf', text: false, export: true },
  {
    name: 'odt',
    label: 'OpenDocument',
    mediaTypes: ['application/vnd.oasis.opendocument.text'],
    extension: 'odt',
    text: false,
    export: true,
    import: true,
  },
  {
    name: 'epub',
    label: 'EPUB',
    mediaTypes: ['application/epub+zip'],
    extension: 'epub',
    text: false,
    export: true,
    import: true,
  },
  { name: 'latex', label: 'LaTeX', mediaTypes: ['application/x-latex', 'text/x-latex'], extension: 'tex', text: true, export: true },
  {
    name: 'json',
    label: 'ProseMirror JSON',
    mediaTypes: ['application/json', 'application/vnd.prosemirror+json'],
    extension: 'json',
    text: true,
    export: true,
    import: true,
  },
  {
    name: 'yjs',
    label: 'Yjs state',
    mediaTypes: ['application/x-yjs-update', 'application/octet-stream'],
    extension: 'yjs',
    text: false,
    export: true,
    import: true,
  },
] as const satisfies readonly FormatFacts[];

type Row = (typeof TABLE)[number];

export type FormatName = Row['name'];
/** The formats documents can be written in. */
export type ExportName = Extract<Row, { readonly export: true }>['name'];
/** The formats documents can be made from. */
export type ImportName = Extract<Row, { readonly import: true }>['name'];

/** One way to write a document down. */
export interface Format extends FormatFacts {
  readonly name: FormatName;
}

/** Raised with every change to what is written of the same document: what was kept of an earlier export is not the same then. */
export const EXPORT_REVISION = 1;

/** All formats; the order is that of menus, and of preference where a client accepts several alike. */
export const formats: readonly Format[] = TABLE;

/** Those documents can be written in. */
export const exportFormats: readonly Format[] = formats.filter((format) => format.export);

/** Those documents can be made from. */
export const importFormats: readonly Format[] = formats.filter((format) => format.import);

/** The format of this name or file extension (`md`, `.MD`, `markdown`), or `null`. */
export function findFormat(nameOrExtension: string): Format | null {
  const wanted = nameOrExtension.toLowerCase().replace(/^\./, '');
  return formats.find((format) => format.name === wanted || format.extension === wanted) ?? null;
}

/** The format of a `Content-Type`, parameters ignored, or `null`. */
export function formatOfMediaType(contentType: string): Format | null {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  return formats.find((format) => format.mediaTypes.includes(type)) ?? null;
}

/** What says nothing of a file: it is understood where a client asks for one, and not where it sends one. */
const ANY_BYTES = 'application/octet-stream';

/** The media types that a file of the format is sent as. */
export function importMediaTypes({ mediaTypes }: Format): readonly string[] {
  return mediaTypes.filter((type) => type !== ANY_BYTES);
}

/** The media types a file of the format can be sent as where JSON is the envelope of the API itself; none when it is JSON too. */
export function fileMediaTypes(format: Format): readonly string[] {
  return format.mediaTypes.some((type) => type.endsWith('json')) ? [] : importMediaTypes(format);
}

/** Formats as a person is told of them: "markdown (md) or json". */
export function listFormats(listed: readonly Format[]): string {
  const words = listed.map(({ name, extension }) => (name === extension ? name : `${name} (${extension})`));
  return [...words.slice(0, -2), words.slice(-2).join(' or ')].join(', ');
}

/**
 * The format an `Accept` header asks for (RFC 9110, 12.5.1), or `null` when none of ours is
 * acceptable. Among equal weights the earlier in `formats` wins, so that no header or the `*` of curl
 * gives Markdown, which a person can read, and a browser's header gives HTML.
 */
export function negotiate(accept: string | null | undefined): FormatName | null {
  if (accept === null || accept === undefined || accept.trim() === '') return formats[0]!.name;
  const ranges = accept.split(',').flatMap(mediaRange);
  let best: { name: FormatName; weight: number } | null = null;
  for (const { name, mediaTypes } of formats) {
    const [sent, ...aliases] = mediaTypes;
    // A wildcard speaks of the type that would be sent; an alias counts where it is named.
    const named = ranges.filter((range) => aliases.includes(range.type)).map((range) => range.weight);
    const weight = Math.max(weightOf(sent, ranges), ...named);
    if (weight > 0 && (best === null || weight > best.weight)) best = { name, weight };
  }
  return best?.name ?? null;
}

interface MediaRange {
  readonly type: string;
  readonly weight: number;
}

function mediaRange(text: string): MediaRange[] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (!/^(?:\*\/\*|[^\s/]+\/[^\s/]+)$/.test(type)) return [];
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return [{ type, weight: weight >= 0 && weight <= 1 ? weight : 0 }];
}

/** The weight the most specific matching range gives a type; 0 when none matches. */
function weightOf(type: string, ranges: readonly MediaRange[]): number {
  for (const wanted of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === wanted);
    if (range) return range.weight;
  }
  return 0;
}
