import type { BackupTable } from './tables.ts';

/** What a backup says of itself first. */
export interface Manifest {
  /** Of the Inkwire that wrote it. */
  readonly version: string;
  /** When its moment was, ISO 8601: all that was committed by then is in it, and nothing else. */
  readonly at: string;
  /** The last migration of the database. */
  readonly migration: number;
  readonly tables: readonly BackupTable[];
}

/** What stands behind a table's rows. */
export interface TableEnd {
  readonly rows: number;
  /** Bytes of its rows as COPY writes them, and their SHA-256, hexadecimal. */
  readonly bytes: number;
  readonly sha256: string;
}
