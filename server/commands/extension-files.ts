import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../config.ts';

/**
 * The extensions that files export by default: one, several, or a function that returns either. Throws a
 * `ConfigError` for a file that cannot be loaded.
 */
export async function loadExtensions(paths: readonly string[]): Promise<unknown[]> {
  const loaded = await Promise.all(paths.map(loadFile));
  return loaded.flat();
}

async function loadFile(path: string): Promise<unknown[]> {
  const file = resolve(path);
  try {
    const { default: exported } = (await import(pathToFileURL(file).href)) as { default?: unknown };
    const given: unknown = typeof exported === 'function' && !isClass(exported) ? await exported() : exported;
    const extensions = Array.isArray(given) ? given : [given];
    if (extensions.some((extension) => typeof extension !== 'object' || extension === null)) {
      throw new Error('its default export is neither an extension nor a list of them, nor a function that returns either');
    }
    return extensions;
  } catch (error) {
    throw new ConfigError(`The extension ${file} (--extension) cannot be used: ${(error as Error).message}.`);
  }
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
