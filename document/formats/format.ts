/** One way to write a document down. */
export interface Format {
  readonly name: FormatName;
  /** What a menu calls it. */
  readonly label: string;
  /** The first is the one exports are sent as; all are understood in `Accept` and `Content-Type`. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** Of a file, without the dot; also an alias of the name. */
  readonly extension: string;
  /** There when documents can be written in it. */
  readonly export?: true;
  /** There when documents can be made from it. */
  readonly import?: true;
}

export type FormatName = 'markdown' | 'json' | 'html' | 'text' | 'yjs';

/** All formats; the order is that of menus, and of preference where a client accepts several alike. */
export const formats: readonly Format[] = [
  { name: 'markdown', label: 'Markdown', mediaTypes: ['text/markdown', 'text/x-markdown'], extension: 'md', export: true, import: true },
  { name: 'html', label: 'Web page', mediaTypes: ['text/html', 'application/xhtml+xml'], extension: 'html', export: true },
  { name: 'text', label: 'Plain text', mediaTypes: ['text/plain'], extension: 'txt', export: true },
  {
    name: 'json',
    label: 'ProseMirror JSON',
    mediaTypes: ['application/json', 'application/vnd.prosemirror+json'],
    extension: 'json',
    export: true,
    import: true,
  },
  {
    name: 'yjs',
    label: 'Yjs state',
    mediaTypes: ['application/x-yjs-update', 'application/octet-stream'],
    extension: 'yjs',
    export: true,
  },
];

/** The names, in the order of the table. */
export const formatNames: readonly FormatName[] = formats.map((format) => format.name);

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
