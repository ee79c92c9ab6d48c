import {
  type Configuration,
  type Document,
  type Extension,
  Hocuspocus,
  type HookName,
  type HookPayloadByName,
  type onStoreDocumentPayload,
} from '@hocuspocus/server';
import { checkExtensions, type MirrorTiming, nameOf } from './extensions.ts';
import { HOOKS } from './hook-table.ts';

/** What an instance asks of its host. */
export interface InstanceHost {
  readonly extensions: readonly Extension[];
  readonly timing: MirrorTiming;
  /** Opens a document for the server's own use, and keeps it in memory for a moment. */
  open(name: string, context: unknown): Promise<Document>;
  /** Resolves once everything of the document is committed, or the database has not answered for long. */
  committed(name: string): Promise<void>;
  /** Nothing of the instance keeps the document in memory any more. */
  release(name: string): void;
  /** A hook has thrown, or did not settle in time. */
  onFault(hook: HookName, extension: string, documentName: string | null, error: unknown): void;
}

/** How long a mirror that failed waits before it is tried again, ms. */
const MIRROR_AGAIN_MS = 30_000;

/**
 * The Hocuspocus that extensions are handed as `instance`: its documents are those in memory, and what
 * is asked of it is done by rooms and members.
 */
export class HostedHocuspocus extends Hocuspocus {
  readonly #host: InstanceHost;

  constructor(host: InstanceHost) {
    super();
    this.#host = host;
    // `configure` would add an extension of do-nothing hooks, and change the list it is given.
    this.configuration = { ...this.configuration, ...host.timing, quiet: true, extensions: [...host.extensions] };
  }

  /** Adds what is given to the extensions there are. Throws `ExtensionError`. */
  override configure(configuration: Partial<Configuration>): Hocuspocus {
    const { extensions, timing } = checkExtensions([...this.configuration.extensions, configuration]);
    this.configuration = { ...this.configuration, ...timing, extensions: [...new Set(extensions)] };
    return this;
  }

  /** Whether an extension has this hook. */
  defines(...names: readonly HookName[]): boolean {
    return this.configuration.extensions.some((extension) => names.some((name) => typeof extension[name] === 'function'));
  }

  /** Runs a hook of every extension, one after the other. Rejects with what one throws, which ends the chain, or when it takes too long. */
  override async hooks<T extends HookName>(name: T, payload: HookPayloadByName[T], callback: Parameters<Hocuspocus['hooks']>[2] = null) {
    const documentName = 'documentName' in payload ? payload.documentName : null;
    let result: unknown;
    for (const extension of this.configuration.extensions) {
      const hook = extension[name] as ((payload: unknown) => unknown) | undefined;
      if (typeof hook !== 'function') continue;
      try {
        result =
          (await settled(
            name,
            Promise.resolve().then(() => hook.call(extension, payload)),
          )) ?? result;
      } catch (error) {
        this.#host.onFault(name, nameOf(extension), documentName, error);
        throw error;
      }
      if (callback !== null) result = (await callback(result)) ?? result;
    }
    return result;
  }

  /** Runs a hook whose failure has no consequence but a line of log. */
  async notify<T extends HookName>(name: T, payload: HookPayloadByName[T]): Promise<void> {
    await this.hooks(name, payload).catch(() => {});
  }

  override createDocument(name: string, _request: unknown, _socketId: unknown, _connection: unknown, context?: unknown): Promise<Document> {
    return this.#host.open(name, context);
  }

  /** A failed mirror is tried again later: the log has the document, whatever becomes of the mirror. */
  override storeDocumentHooks(document: Document, payload: onStoreDocumentPayload, immediately?: boolean): Promise<unknown> {
    const { debounce, maxDebounce } = this.configuration;
    const id = `onStoreDocument-${document.name}`;
    const mirror = async (): Promise<void> => {
      try {
        await document.saveMutex.runExclusive(async () => {
          await this.hooks('onStoreDocument', payload);
          await this.hooks('afterStoreDocument', payload);
        });
      } catch (error) {
        if (!isSkipped(error) && this.documents.get(document.name) === document && document.getConnectionsCount() > 0) {
          void this.debouncer.debounce(id, mirror, MIRROR_AGAIN_MS, MIRROR_AGAIN_MS);
        }
      }
      // The next turn: the debouncer still counts this one as running.
      setTimeout(() => this.#host.release(document.name), 0);
    };
    return this.debouncer.debounce(id, mirror, immediately ? 0 : debounce, maxDebounce);
  }

  /** Resolves once everything of the document is committed, and it has left memory if nothing needs it there. */
  override async unloadDocument(document: Document): Promise<void> {
    await this.#host.committed(document.name);
    this.#host.release(document.name);
  }

  /** Whether something of the instance keeps the document in memory. */
  holds(document: Document): boolean {
    const id = `onStoreDocument-${document.name}`;
    return document.directConnectionsCount > 0 || this.debouncer.isDebounced(id) || this.debouncer.isCurrentlyExecuting(id);
  }
}

/** Hocuspocus' way for an extension to say that it has done what others need not do. */
function isSkipped(error: unknown): boolean {
  return error instanceof Error && error.name === 'SkipFurtherHooksError';
}

async function settled<T>(name: HookName, running: Promise<T>): Promise<T> {
  const { timeoutMs } = HOOKS[name];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} did not settle within ${timeoutMs / 1_000} s`)), timeoutMs);
    // A hook that hangs keeps no process that is done with everything else.
    timer.unref();
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}
