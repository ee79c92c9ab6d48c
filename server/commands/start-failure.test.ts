import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainDatabaseError } from '../../persistence/database-errors.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { ConfigError } from '../config.ts';
import { startFailure } from './start-failure.ts';

const system = (code: string, syscall: string, message = `${syscall} ${code}`) => Object.assign(new Error(message), { code, syscall });
const EXTERNAL = { host: '127.0.0.1', port: 80, socket: '', databaseUrl: 'postgres://ada:hunter2@db.example/inkwire' };

describe('a server that cannot start says', () => {
  const cases: [why: string, error: Error, sentence: RegExp][] = [
    ['that its port is taken', system('EADDRINUSE', 'listen'), /^Port 80 on 127\.0\.0\.1 is taken .* --port 81, or --port 0/],
    ['that its port is for root', system('EACCES', 'listen'), /^Port 80 is not for ordinary users\..* from 1024 up with --port\.$/],
    [
      'that its address is of no network here',
      system('EADDRNOTAVAIL', 'listen'),
      /^HOST \(--host\) is 127\.0\.0\.1, and this machine has no such/,
    ],
    ['that its host is not known', system('ENOTFOUND', 'getaddrinfo'), /^HOST \(--host\) is 127\.0\.0\.1, and this machine has no such/],
    [
      'what the database said',
      explainDatabaseError(system('ECONNREFUSED', 'connect', 'connect ECONNREFUSED 10.0.0.1:5432')) as Error,
      /^Inkwire could not start: The database cannot be reached: connect ECONNREFUSED 10\.0\.0\.1:5432\. Start the Postgres there, .* What was saved is untouched\.$/,
    ],
    [
      'what the directory needs',
      new InkwireError('database-unavailable', 'The data directory /x cannot be used: EACCES. Choose another.'),
      /^Inkwire could not start: The data directory \/x cannot be used: EACCES\. Choose another\. What was saved is untouched\.$/,
    ],
    [
      'a sentence in any case',
      new Error('the cause without an end'),
      /^Inkwire could not start: the cause without an end\. What was saved/,
    ],
  ];
  for (const [why, error, sentence] of cases) {
    it(why, () => {
      const { message } = startFailure(error, EXTERNAL);
      assert.match(message, sentence);
      assert.doesNotMatch(message, /hunter2|\n/);
    });
  }

  it('what an option must be, as it is', () => {
    const error = new ConfigError('HOST …');
    assert.equal(startFailure(error, EXTERNAL), error);
  });
});
