import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from './log.ts';

function memoryLog(level: string, inWords?: (error: unknown) => string | null) {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: createLog(level, inWords, { write: (line) => lines.push(JSON.parse(line)) }) };
}

describe('the log', () => {
  it('writes an error as what was said, by it and by what led to it', () => {
    const { lines, log } = memoryLog('info');
    log.warn({ error: new Error('no answer', { cause: new TypeError('no route') }) }, 'away');
    assert.equal(lines[0]?.error, 'Error: no answer (TypeError: no route)');
    assert.equal(lines[0]?.msg, 'away');
  });

  it('[A5] writes nothing that hangs on an error: a driver puts the values of a statement there', () => {
    const { lines, log } = memoryLog('info');
    const failure = Object.assign(new Error('syntax error'), { parameters: ['confidential words'] });
    for (const key of ['error', 'err']) log.error({ [key]: failure }, 'failed');
    log.error({ error: new Error('failed', { cause: failure }) }, 'failed');
    log.child({ part: 'sync' }).error({ error: failure }, 'failed');
    assert.equal(lines.length, 4);
    assert.doesNotMatch(JSON.stringify(lines), /confidential/);
  });

  it('asks first for better words', () => {
    const { lines, log } = memoryLog('info', (error) => ((error as Error).message === 'known' ? 'Do this.' : null));
    log.warn({ error: new Error('known') }, 'one');
    log.warn({ error: new Error('other') }, 'two');
    log.warn({ error: 'said already' }, 'three');
    assert.deepEqual(
      lines.map(({ error }) => error),
      ['Do this.', 'Error: other', 'said already'],
    );
  });

  it('writes what happens seldom at info, and the life of things at debug', () => {
    for (const [level, count] of [
      ['info', 1],
      ['debug', 2],
      ['silent', 0],
    ] as const) {
      const { lines, log } = memoryLog(level);
      log.info('seldom');
      log.child({ part: 'sync' }).debug({ connection: 7 }, 'often');
      assert.equal(lines.length, count, level);
    }
  });
});
