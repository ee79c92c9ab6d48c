import { OPTIONS, type OptionRow } from './options.ts';

type Options = typeof OPTIONS;

/** Every option's value. */
export type Config = { readonly [K in keyof Options]: Options[K]['default'] extends number ? number : string };

/** An option's value could not be used; the message names the option and says what would do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The values of all options: what was given, else the default. Keys are those of `OPTIONS`. */
export function readConfig(given: Partial<Record<keyof Options, string | undefined>> = {}): Config {
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(OPTIONS) as [keyof Options, OptionRow<unknown>][]) {
    const value = given[key];
    try {
      values[key] = value === undefined || value === '' ? option.default : option.parse(value);
    } catch (error) {
      const name = option.flag === null ? option.env : `${option.env} (--${option.flag})`;
      throw new ConfigError(`${name} ${(error as Error).message}.`);
    }
  }
  return values as Config;
}

/** What the environment says of the options. */
export function fromEnvironment(env: Record<string, string | undefined>): Partial<Record<keyof Options, string>> {
  const given: Partial<Record<keyof Options, string>> = {};
  for (const key of Object.keys(OPTIONS) as (keyof Options)[]) {
    const value = env[OPTIONS[key].env];
    if (value !== undefined) given[key] = value;
  }
  return given;
}
