import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PostgresLog } from './postgres-log.ts';

function read(...lines: string[]): string[] {
  const handed: string[] = [];
  const log = new PostgresLog((level, text) => handed.push(`${level} ${text}`));
  for (const line of lines) log.read(line);
  return handed;
}

describe("the lines of Postgres' log", () => {
  const lines: [line: string, handed: string][] = [
    ['00000 LOG:  database system is ready to accept connections', 'debug LOG: database system is ready to accept connections'],
    ['00000 NOTICE:  it is there already', 'debug NOTICE: it is there already'],
    ['00000 DEBUG2:  forked', 'debug DEBUG2: forked'],
    ['01000 WARNING:  could not open statistics', 'warn WARNING: could not open statistics'],
    ['53100 ERROR:  could not extend file: No space left on device', 'error ERROR: could not extend file: No space left on device'],
    ['28P01 FATAL:  password authentication failed', 'error FATAL: password authentication failed'],
    ['58030 PANIC:  could not write to log file', 'error PANIC: could not write to log file'],
    ['57P03 FATAL:  the database system is starting up', 'debug FATAL: the database system is starting up'],
    [
      '57P01 FATAL:  terminating connection due to administrator command',
      'debug FATAL: terminating connection due to administrator command',
    ],
    ['FATAL:  could not access the configuration file', 'error FATAL: could not access the configuration file'],
    ['postgres: error while loading shared libraries', 'warn postgres: error while loading shared libraries'],
  ];
  for (const [line, handed] of lines) it(`"${line}" → ${handed.split(' ')[0]}`, () => assert.deepEqual(read(line), [handed]));

  it('keep what explains a line beside it', () => {
    assert.deepEqual(
      read(
        'F0000 FATAL:  database files are incompatible with server',
        'F0000 DETAIL:  The data directory was initialized by PostgreSQL version 17.',
        '01000 WARNING:  it grows',
        '01000 HINT:  Look after it',
        '\tin two lines.',
        '00000 LOG:  a checkpoint',
        '00000 CONTEXT:  of its own',
      ),
      [
        'error FATAL: database files are incompatible with server',
        'error DETAIL: The data directory was initialized by PostgreSQL version 17.',
        'warn WARNING: it grows',
        'warn HINT: Look after it',
        'warn in two lines.',
        'debug LOG: a checkpoint',
        'debug CONTEXT: of its own',
      ],
    );
  });

  it('[A5] lose what may hold content: statements, and rows that an error quotes', () => {
    const handed = read(
      '23514 ERROR:  new row violates check constraint',
      '23514 DETAIL:  Failing row contains (1, secret words).',
      "23514 STATEMENT:  insert into notes values ('secret",
      "\twords')",
      '23514 CONTEXT:  SQL function "append"',
    );
    assert.deepEqual(handed, ['error ERROR: new row violates check constraint', 'debug CONTEXT: SQL function "append"']);
  });
});
