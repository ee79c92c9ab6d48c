import { assetPath, readAssetAddress } from '../../../protocol/assets.ts';
import { h } from '../../dom.ts';
import { AssetClient, AssetError } from './asset-client.ts';
import type { AssetSettings } from './asset-settings.ts';

/** How near to the window a picture must come to be fetched: about a window's height, so that it is there in time. */
const NEAR = '100% 0px';

interface Shown {
  readonly src: string;
  readonly onFailure: (sentence: string) => void;
}

/**
 * Pictures of the server in image elements. Each is fetched once, with the token in a header, and shown by a blob: address:
 * an image element sends no token, and an address with one in it would end up in logs and histories.
 */
export class Pictures {
  readonly #client: AssetClient;
  readonly #addresses = new Map<string, Promise<string>>();
  readonly #waiting = new Map<HTMLImageElement, Shown>();
  readonly #failed = new Map<HTMLImageElement, Shown>();
  readonly #observer = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: NEAR });
  #closed = false;

  constructor(settings: AssetSettings) {
    this.#client = new AssetClient(settings);
  }

  show(image: HTMLImageElement, src: string, onFailure: (sentence: string) => void): void {
    const known = this.#addresses.get(keyOf(src));
    if (known !== undefined) return void this.#put(image, { src, onFailure });
    this.#waiting.set(image, { src, onFailure });
    this.#observer.observe(image);
  }

  /** A picture that was just uploaded from here need not come back. */
  keep(src: string, blob: Blob): void {
    const key = keyOf(src);
    if (!this.#closed && !this.#addresses.has(key)) this.#addresses.set(key, Promise.resolve(URL.createObjectURL(blob)));
  }

  /** The bytes of a picture or file of the server. */
  load(src: string, signal?: AbortSignal): Promise<Blob> {
    const address = readAssetAddress(src);
    if (address === null) throw new AssetError('This picture is not on the server', false);
    return this.#client.load(address, signal);
  }

  /** Has the browser save it under a name; what is not safe to show is safe to save. */
  async save(src: string, name: string): Promise<void> {
    const address = URL.createObjectURL(await this.load(src));
    h('a', { href: address, download: name }).click();
    // The browser has taken it by the next turn.
    setTimeout(() => URL.revokeObjectURL(address));
  }

  /** Tries again what could not be fetched for a reason that passes. */
  retry(): void {
    const failed = [...this.#failed];
    this.#failed.clear();
    for (const [image, shown] of failed) if (image.isConnected) void this.#put(image, shown);
  }

  close(): void {
    this.#closed = true;
    this.#observer.disconnect();
    this.#waiting.clear();
    this.#failed.clear();
    for (const address of this.#addresses.values()) address.then(URL.revokeObjectURL, () => {});
    this.#addresses.clear();
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const image = target as HTMLImageElement;
      const shown = this.#waiting.get(image);
      if (isIntersecting || !image.isConnected) {
        this.#observer.unobserve(image);
        this.#waiting.delete(image);
        if (isIntersecting && shown !== undefined) void this.#put(image, shown);
      }
    }
  }

  async #put(image: HTMLImageElement, shown: Shown): Promise<void> {
    try {
      image.src = await this.#addressOf(shown.src);
    } catch (error) {
      if (this.#closed) return;
      if (error instanceof AssetError && error.passes) this.#failed.set(image, shown);
      shown.onFailure(error instanceof AssetError ? error.message : 'It cannot be shown');
    }
  }

  #addressOf(src: string): Promise<string> {
    const key = keyOf(src);
    let address = this.#addresses.get(key);
    if (address === undefined) {
      address = this.load(src).then((blob) => {
        const url = URL.createObjectURL(blob);
        if (this.#closed) URL.revokeObjectURL(url);
        return url;
      });
      this.#addresses.set(key, address);
      address.catch(() => this.#addresses.delete(key));
    }
    return address;
  }
}

/** The same picture, however its address is written. */
function keyOf(src: string): string {
  const address = readAssetAddress(src);
  return address === null ? src : assetPath(address);
}
