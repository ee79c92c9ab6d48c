/** How much a line matters, as the server's log has it. */
export type LogLevel = 'debug' | 'warn' | 'error';

/** Takes a line about the database for the server's log: of Postgres itself, or of what became of it. */
export type DatabaseLog = (level: LogLevel, text: string) => void;
