import type { Extension, HookName } from '@hocuspocus/server';
import { HOOK_NAMES } from './hook-table.ts';

/** An extension that cannot be run, with a sentence that says why; the server does not start. */
export class ExtensionError extends Error {
  override readonly name = 'ExtensionError';
}

/** What of Hocuspocus' configuration Inkwire honours, beside hooks; milliseconds. */
export interface MirrorTiming {
  /** How long `onStoreDocument` waits for a document to be left alone. */
  readonly debounce?: number;
  /** The longest it waits. */
  readonly maxDebounce?: number;
  /** Whether a document is mirrored as soon as everybody has left it. */
  readonly unloadImmediately?: boolean;
}

/** Members of Hocuspocus' configuration that change nothing here, because Inkwire has its own way, or an option: they do no harm. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...['name', 'quiet', 'stopOnSignals', 'websocketOptions', 'port', 'address', 'timeout', 'flushDelay', 'flushMaxBytes'],
  ...['maxUnauthenticatedQueueSize', 'maxUnauthenticatedQueueMessages', 'maxPendingDocuments'],
]);

const OWN_MEMBERS: ReadonlySet<string> = new Set(['priority', 'extensionName', 'extensions']);

const TIMING = ['debounce', 'maxDebounce', 'unloadImmediately'] as const;

/** Extensions in the order in which their hooks run, and the timing that they carry along. */
export interface Checked {
  readonly extensions: readonly Extension[];
  readonly timing: MirrorTiming;
}

/**
 * Checks extensions before the server starts. A configuration in place of one – hooks beside a list of
 * `extensions`, as Hocuspocus' `Server` takes it – stands for those. Throws `ExtensionError`.
 */
export function checkExtensions(given: readonly unknown[]): Checked {
  const extensions: Extension[] = [];
  let timing: MirrorTiming = {};
  const add = (extension: unknown, at: string): void => {
    if (typeof extension !== 'object' || extension === null) throw new ExtensionError(`Extension ${at} is no object with hooks.`);
    for (const key of ownNames(extension)) check(extension as Record<string, unknown>, key, at);
    const { extensions: nested } = extension as { extensions?: unknown };
    if (Array.isArray(nested)) for (const [index, inner] of nested.entries()) add(inner, `${at}.${index + 1}`);
    timing = { ...timing, ...pickTiming(extension) };
    extensions.push(extension);
  };
  for (const [index, extension] of given.entries()) add(extension, `${index + 1}`);
  const priorityOf = ({ priority }: Extension) => priority ?? 100;
  return { extensions: extensions.toSorted((one, other) => priorityOf(other) - priorityOf(one)), timing };
}

/** What a person calls an extension. */
export function nameOf(extension: Extension): string {
  const name = extension.extensionName ?? extension.constructor?.name;
  return name === undefined || name === 'Object' ? 'an extension' : name;
}

function check(extension: Record<string, unknown>, key: string, at: string): void {
  const value = extension[key];
  if (HOOK_NAMES.includes(key as HookName)) {
    if (typeof value !== 'function' && value !== undefined) throw new ExtensionError(`${key} of extension ${at} is no function.`);
    return;
  }
  if (key === 'yDocOptions' && keepsDeleted(value)) {
    throw new ExtensionError(
      `Extension ${at} sets yDocOptions to keep what was deleted, which cannot be honoured: compaction collects it. Who wrote what stays in the log.`,
    );
  }
  if (WITHOUT_EFFECT.has(key) || OWN_MEMBERS.has(key) || TIMING.includes(key as (typeof TIMING)[number])) return;
  // A class has members of its own; what is named like a hook and is none was meant to be one.
  if (typeof value === 'function' && /^(on|before|after)[A-Z]/.test(key) && isPlain(extension)) {
    throw new ExtensionError(`Extension ${at} has ${key}, which is no hook.${meant(key)} Hooks are: ${HOOK_NAMES.join(', ')}.`);
  }
}

function keepsDeleted(yDocOptions: unknown): boolean {
  const { gc = true, gcFilter } = (yDocOptions ?? {}) as { readonly gc?: boolean; readonly gcFilter?: unknown };
  return !gc || gcFilter !== undefined;
}

function pickTiming(extension: object): MirrorTiming {
  const given = extension as Record<string, unknown>;
  return Object.fromEntries(TIMING.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]));
}

/** The hook that is spelt most alike, as a sentence. */
function meant(key: string): string {
  const alike = HOOK_NAMES.map((name) => ({ name, shared: [...name].filter((letter, at) => key[at] === letter).length }));
  const best = alike.reduce((one, other) => (other.shared > one.shared ? other : one));
  return best.shared >= 5 ? ` Perhaps ${best.name} was meant.` : '';
}

function isPlain(extension: object): boolean {
  return Object.getPrototypeOf(extension) === Object.prototype;
}

/** Members of an object, and of its class. */
function ownNames(extension: object): string[] {
  const names = new Set<string>();
  for (let level: object | null = extension; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) if (name !== 'constructor') names.add(name);
  }
  return [...names];
}
