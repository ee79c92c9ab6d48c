import { InkwireError } from '../../protocol/errors.ts';

const CHOOSE = 'choose another directory with INKWIRE_DATA_DIR (--data-dir)';

/** What to do, by the system's code. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: `Do this as the user it belongs to, give this one the right to write there, or ${CHOOSE}.`,
  EPERM: `Do this as the user it belongs to, or ${CHOOSE}.`,
  EROFS: `Its file system is read-only: ${CHOOSE}.`,
  EEXIST: `It is a file: ${CHOOSE}.`,
  ENOTDIR: `A part of its path is a file: ${CHOOSE}.`,
  ENOSPC: 'Make room on its disk.',
  EDQUOT: 'Make room in the quota of this user.',
};

/** The error of a data directory that cannot be used: why, and what to do, by the system's code. */
export function unusableDataDir(dataDir: string, why: string, code: string, cause: unknown): InkwireError {
  const advice = ADVICE[code] ?? `${CHOOSE[0]?.toUpperCase()}${CHOOSE.slice(1)}.`;
  return new InkwireError('database-unavailable', `The data directory ${dataDir} cannot be used: ${why}. ${advice}`, { cause });
}

/** Turns the system's error about something in the data directory into a `database-unavailable` that says what to do; others stay as they are. */
export function explainDataDirError(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error) || error instanceof InkwireError) return error;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  return code === undefined || syscall === undefined ? error : unusableDataDir(dataDir, message, code, error);
}
