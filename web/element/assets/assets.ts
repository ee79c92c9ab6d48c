import { readAssetAddress } from '../../../protocol/assets.ts';
import type { AssetSettings } from './asset-settings.ts';
import type { UploadBehaviour } from './upload-slot.ts';

type AssetWork = import('./asset-work.ts').AssetWork;

const ignore = () => {};

/** The pictures and files of the document that is open, shown and uploaded. The code that does so is fetched when there is one. */
export class Assets {
  /** What takes pasted and dropped files; `null` until its code is there. */
  behaviour: UploadBehaviour | null = null;
  readonly #settings: AssetSettings;
  #work: Promise<AssetWork> | null = null;
  #armed = false;

  constructor(settings: AssetSettings) {
    this.#settings = settings;
  }

  load(): Promise<AssetWork> {
    this.#work ??= import('./asset-work.ts').then(({ AssetWork }) => new AssetWork(this.#settings));
    this.#work.catch(() => {
      this.#work = null;
    });
    return this.#work;
  }

  /** The person may upload. The code for it is fetched at once: it is wanted when there is no network any more. */
  async arm(): Promise<UploadBehaviour> {
    this.#armed = true;
    this.behaviour = (await this.load()).behaviour;
    return this.behaviour;
  }

  /** Whether an address is that of a picture or file on this server, which is had by way of `show` and `save`. */
  isHere(src: string): boolean {
    const address = readAssetAddress(src);
    return address !== null && (address.server === '' || address.server === this.#settings.server);
  }

  /** Shows a picture of this server in an image element once it comes near the window. `onFailure` is told why it cannot be had. */
  show(image: HTMLImageElement, src: string, onFailure: (sentence: string) => void): void {
    this.load().then(
      ({ pictures }) => pictures.show(image, src, onFailure),
      () => onFailure('not shown'),
    );
  }

  /** Has the browser save a picture or file of this server under a name. */
  save(src: string, name: string): void {
    this.load().then(({ pictures }) => pictures.save(src, name), ignore);
  }

  /** Tries again what failed for want of a connection. */
  connected(): void {
    if (this.#armed) this.arm().catch(ignore);
    this.#work?.then((work) => work.connected(), ignore);
  }

  /** Gives up what is on its way, and forgets what was shown. */
  close(): void {
    this.#work?.then((work) => work.close(), ignore);
  }
}
