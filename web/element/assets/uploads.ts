import type { EditorView } from '@tiptap/pm/view';
import { isPictureType } from '../../../protocol/assets.ts';
import { adopt, sheet } from '../../dom.ts';
import uploadsCss from '../../style/uploads.css?inline';
import { AssetClient, AssetError } from './asset-client.ts';
import type { AssetSettings, UploadedFile, UploadOptions } from './asset-settings.ts';
import type { Pictures } from './pictures.ts';
import { giveUp, putIn } from './put-in.ts';
import type { UploadAnchor } from './upload-anchors.ts';
import { uploadAnchors } from './upload-slot.ts';
import { UploadView } from './upload-view.ts';

/** Uploads at once; a browser has six connections to a server, and the pictures of the document need some. */
const AT_ONCE = 3;

/** Milliseconds before an upload that failed for a passing reason is tried again by itself: the first pause, and the longest. */
const RETRY = { first: 2000, longest: 30_000 } as const;

const styles = sheet(uploadsCss);

/** One anchor's way up. */
interface Job {
  readonly anchor: UploadAnchor;
  readonly view: EditorView;
  readonly shown: UploadView;
  readonly cancelled: AbortController;
  readonly preview: string | null;
  /** What was read of a pasted address; the file itself of a file. */
  file: File | null;
  state: 'queued' | 'going' | 'waiting' | 'failed';
  tries: number;
  timer: ReturnType<typeof setTimeout> | null;
}

/** Uploads what is anchored in editors, a few at a time, and puts each in when it is up. */
export class Uploads {
  readonly #settings: AssetSettings;
  readonly #client: AssetClient;
  readonly #pictures: Pictures;
  readonly #jobs = new Map<number, Job>();

  constructor(settings: AssetSettings, pictures: Pictures, closed: AbortSignal) {
    this.#settings = settings;
    this.#client = new AssetClient(settings);
    this.#pictures = pictures;
    closed.addEventListener('abort', () => {
      for (const job of [...this.#jobs.values()]) this.#end(job);
    });
    window.addEventListener('online', () => this.retry(), { signal: closed });
  }

  /** Begins what is new in the editor, and forgets what is not there any more. */
  follow(view: EditorView): void {
    const anchors = view.isDestroyed ? [] : uploadAnchors(view.state);
    for (const anchor of anchors) if (!this.#jobs.has(anchor.id)) this.#begin(view, anchor);
    this.#next();
  }

  /** Tries again what waits for the network. */
  retry(): void {
    for (const job of this.#jobs.values()) if (job.state === 'waiting') this.#queue(job);
    this.#next();
  }

  /** Uploads a file, to the page that has a way of its own or to the server. */
  async upload(file: File, options: UploadOptions): Promise<UploadedFile> {
    const handler = this.#settings.uploadHandler();
    if (handler !== null) return handler(file, options);
    const uploaded = await this.#client.upload(file, options);
    this.#pictures.keep(uploaded.src, file);
    return uploaded;
  }

  #begin(view: EditorView, anchor: UploadAnchor): void {
    adopt(view.dom.getRootNode(), styles);
    const { source, dom, id } = anchor;
    const file = 'file' in source ? source.file : null;
    const name = file?.name ?? 'the picture';
    const preview = file === null ? previewOf(anchor) : isPictureType(file.type) ? URL.createObjectURL(file) : null;
    const shown = new UploadView(dom, name, preview, {
      cancel: () => {
        const job = this.#jobs.get(id);
        if (job === undefined) return;
        this.#end(job);
        giveUp(view, id);
        view.focus();
        this.#next();
      },
      retry: () => {
        const job = this.#jobs.get(id);
        if (job === undefined || job.state === 'going') return;
        job.tries = 0;
        this.#queue(job);
        this.#next();
      },
    });
    const job: Job = { anchor, view, shown, preview, file, cancelled: new AbortController(), state: 'queued', tries: 0, timer: null };
    this.#jobs.set(id, job);
    shown.goes(null);
    this.#settings.onPending(this.#jobs.size);
  }

  #queue(job: Job): void {
    if (job.timer !== null) clearTimeout(job.timer);
    job.timer = null;
    job.state = 'queued';
    job.shown.goes(null);
  }

  #next(): void {
    const jobs = [...this.#jobs.values()];
    let going = jobs.filter(({ state }) => state === 'going').length;
    for (const job of jobs) {
      if (job.state !== 'queued' || going >= AT_ONCE) continue;
      going += 1;
      job.state = 'going';
      void this.#run(job).finally(() => this.#next());
    }
  }

  async #run(job: Job): Promise<void> {
    const { view, anchor, shown, cancelled } = job;
    const { signal } = cancelled;
    try {
      job.file ??= await this.#fileOf(anchor, signal);
      const { file } = job;
      shown.goes(0);
      const uploaded = await this.upload(file, { signal, onProgress: (share) => shown.goes(share) });
      if (signal.aborted) return;
      if (view.isDestroyed || !view.editable) throw new AssetError('this document is not open to changes', false);
      if (!putIn(view, anchor, file, uploaded)) throw new AssetError('there is no place for it here', false);
      this.#settings.say(`${file.name} was uploaded`);
      this.#end(job);
    } catch (error) {
      if (!signal.aborted) this.#failed(job, error);
    }
  }

  #failed(job: Job, error: unknown): void {
    const passes = error instanceof AssetError ? error.passes : error instanceof TypeError;
    const reason = error instanceof Error && error.message !== '' ? error.message : 'it failed';
    if (!passes) {
      job.state = 'failed';
      job.shown.fails(reason, error instanceof AssetError && error.final);
      return;
    }
    job.state = 'waiting';
    job.shown.waits(reason);
    const pause = Math.min(RETRY.longest, RETRY.first * 2 ** job.tries);
    job.tries += 1;
    job.timer = setTimeout(() => {
      this.#queue(job);
      this.#next();
    }, pause);
  }

  #end(job: Job): void {
    if (job.timer !== null) clearTimeout(job.timer);
    this.#jobs.delete(job.anchor.id);
    job.cancelled.abort();
    if (job.preview !== null) URL.revokeObjectURL(job.preview);
    this.#settings.onPending(this.#jobs.size);
  }

  /** The bytes behind an address that only this browser, or another document of this server, has. */
  async #fileOf({ source }: UploadAnchor, signal: AbortSignal): Promise<File> {
    if ('file' in source) return source.file;
    const src = String(source.image.attrs.src);
    const blob = src.startsWith('data:')
      ? blobOf(src)
      : src.startsWith('blob:')
        ? await readBlob(src)
        : await this.#pictures.load(src, signal);
    return new File([blob], `picture.${blob.type.split('/')[1] ?? 'png'}`, { type: blob.type });
  }
}

function previewOf({ source }: UploadAnchor): string | null {
  const src = 'image' in source ? String(source.image.attrs.src) : '';
  return /^(?:data|blob):/.test(src) ? src : null;
}

/** Decoded by hand: a page's policy may not let data: be fetched. */
function blobOf(src: string): Blob {
  const [, type = 'image/png', data = ''] = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(src) ?? [];
  try {
    return new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], { type });
  } catch {
    throw new AssetError('it is damaged', false);
  }
}

async function readBlob(src: string): Promise<Blob> {
  const response = await fetch(src).catch(() => null);
  if (response === null) throw new AssetError('only the page it was copied from can read it: copy the picture itself', false);
  return response.blob();
}
