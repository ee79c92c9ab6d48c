import type { DatabaseLog, LogLevel } from '../database-log.ts';

/** Prefix of Postgres' lines (`log_line_prefix`): the SQLSTATE. Times are the business of the log that takes the line. */
export const LOG_LINE_PREFIX = '%e ';

/** A SQLSTATE, unless it comes from before the settings are read; what kind of line it is; its text. */
const LINE = /^(?:([0-9A-Z]{5}) )?([A-Z]+\d?): {1,2}(.*)$/;

const LEVELS: Readonly<Record<string, LogLevel>> = { WARNING: 'warn', ERROR: 'error', FATAL: 'error', PANIC: 'error' };

/** What belongs to the line before. */
const SUPPLEMENTS: ReadonlySet<string> = new Set(['DETAIL', 'HINT', 'CONTEXT', 'QUERY', 'STATEMENT', 'LOCATION', 'BACKTRACE']);

/**
 * Connections that are refused or ended because Postgres starts, stops or has crashed (57P01 to 57P03).
 * They say nothing that its supervisor has not said, once for each connection.
 */
const COMES_AND_GOES = /^57P0[123]$/;

/**
 * Reads the lines of Postgres' log and hands them on with the level they have in ours. What may hold
 * content is left out: the text of statements, and the details of an error, which quote rows.
 */
export class PostgresLog {
  readonly #onLog: DatabaseLog;
  #last: { readonly label: string; readonly level: LogLevel } = { label: '', level: 'debug' };
  #left = false;

  constructor(onLog: DatabaseLog) {
    this.#onLog = onLog;
  }

  read(line: string): void {
    const [, state = '', label = '', text = ''] = LINE.exec(line) ?? [];
    // The further lines of a text with line ends begin with a tab.
    if (label === '') this.#hand(line.startsWith('\t') ? this.#last.level : 'warn', line.trim(), this.#left && line.startsWith('\t'));
    else if (SUPPLEMENTS.has(label)) this.#supplement(label, text);
    else {
      this.#last = { label, level: COMES_AND_GOES.test(state) ? 'debug' : (LEVELS[label] ?? 'debug') };
      this.#hand(this.#last.level, `${label}: ${text}`, false);
    }
  }

  #supplement(label: string, text: string): void {
    const content = label === 'STATEMENT' || label === 'QUERY' || (label === 'DETAIL' && this.#last.label === 'ERROR');
    const telling = label === 'DETAIL' || label === 'HINT';
    this.#hand(telling ? this.#last.level : 'debug', `${label}: ${text}`, content);
  }

  #hand(level: LogLevel, text: string, leaveOut: boolean): void {
    this.#left = leaveOut;
    if (!leaveOut && text !== '') this.#onLog(level, text);
  }
}
