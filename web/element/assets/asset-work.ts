import { readAssetAddress } from '../../../protocol/assets.ts';
import type { AssetSettings } from './asset-settings.ts';
import { Pictures } from './pictures.ts';
import { uploadBehaviour } from './upload-plugin.ts';
import { Uploads } from './uploads.ts';

/** What is done with the pictures and files of one document; a chunk of its own. */
export class AssetWork {
  readonly pictures: Pictures;
  readonly uploads: Uploads;
  readonly behaviour = uploadBehaviour({
    isForeign: (src) => this.#isForeign(src),
    follow: (view) => this.uploads.follow(view),
  });
  readonly #settings: AssetSettings;
  readonly #closed = new AbortController();

  constructor(settings: AssetSettings) {
    this.#settings = settings;
    this.pictures = new Pictures(settings);
    this.uploads = new Uploads(settings, this.pictures, this.#closed.signal);
  }

  connected(): void {
    this.pictures.retry();
    this.uploads.retry();
  }

  close(): void {
    this.#closed.abort();
    this.pictures.close();
  }

  #isForeign(src: string): boolean {
    if (/^(?:data|blob):/i.test(src)) return true;
    const { server, documentName } = this.#settings;
    const address = readAssetAddress(src);
    return address !== null && ['', server].includes(address.server) && address.documentName !== documentName;
  }
}
