import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERRORS } from '../../protocol/errors.ts';
import { type ConnectionFacts, losesOnClose, type Refusal, refusalOf, statusOf } from './status.ts';
import { sentenceFor, wordsFor } from './status-words.ts';

const YES_NO = [true, false];

/** Every combination of the facts. */
function* everyFacts(): Generator<ConnectionFacts> {
  const refusals: (Refusal | null)[] = [null, 'sign-in', 'removed', 'deleted', 'rejected'];
  for (const refusal of refusals)
    for (const foreignContent of YES_NO)
      for (const connected of YES_NO)
        for (const authenticated of YES_NO)
          for (const synced of YES_NO)
            for (const everSynced of YES_NO)
              for (const settled of YES_NO)
                for (const silent of YES_NO)
                  for (const waiting of [0, 1, 12])
                    for (const failures of [0, 1, 2, 9])
                      yield { refusal, foreignContent, connected, silent, authenticated, synced, everSynced, settled, waiting, failures };
}

const CALM: ConnectionFacts = {
  refusal: null,
  foreignContent: false,
  connected: true,
  silent: false,
  authenticated: true,
  synced: true,
  everSynced: true,
  settled: true,
  waiting: 0,
  failures: 0,
};
const kind = (facts: Partial<ConnectionFacts>) => statusOf({ ...CALM, ...facts }).kind;

describe('statusOf', () => {
  it('[D1] "saved" needs a connection, a token, the server’s state and every acknowledgement, and is said when all are there', () => {
    for (const facts of everyFacts()) {
      const all = facts.connected && facts.authenticated && facts.synced && facts.settled && facts.waiting === 0;
      const nothingAgainst = facts.refusal === null && !facts.foreignContent && !facts.silent;
      assert.equal(statusOf(facts).kind === 'saved', all && nothingAgainst, JSON.stringify(facts));
    }
  });

  it('every status has words, and says how many edits wait', () => {
    for (const facts of everyFacts()) {
      const status = statusOf(facts);
      assert.equal(status.waiting, facts.waiting);
      assert.ok(wordsFor(status.kind).word.length > 0);
      assert.match(sentenceFor(status), /^[A-Z0-9].*\.$/);
    }
  });

  it('a refusal outranks the connection', () => {
    for (const facts of everyFacts()) if (facts.refusal !== null) assert.equal(statusOf(facts).kind, facts.refusal);
  });

  it('goes from connecting over saving to saved', () => {
    const opening = { everSynced: false, synced: false, settled: false };
    assert.equal(kind({ ...opening, connected: false, authenticated: false }), 'connecting');
    assert.equal(kind({ ...opening, authenticated: false }), 'connecting');
    assert.equal(kind(opening), 'connecting');
    assert.equal(kind({ settled: false, waiting: 1 }), 'saving');
    assert.equal(kind({}), 'saved');
  });

  it('is not saving what nobody has written: who opens a document, or only reads it, waits for the server', () => {
    assert.equal(kind({ settled: false, waiting: 0 }), 'connecting');
  });

  it('says reconnecting at first and offline after two failures', () => {
    const lost = { connected: false, authenticated: false, synced: false };
    assert.equal(kind({ ...lost, failures: 0 }), 'reconnecting');
    assert.equal(kind({ ...lost, failures: 1 }), 'reconnecting');
    assert.equal(kind({ ...lost, failures: 2 }), 'offline');
    assert.equal(kind({ ...lost, failures: 2, everSynced: false }), 'offline');
  });

  it('asks for an update when the document holds what the schema lacks', () => {
    assert.equal(kind({ foreignContent: true }), 'update-required');
    assert.equal(kind({ foreignContent: true, connected: false, failures: 3 }), 'offline');
  });

  it('a page may close without a warning exactly when no edit waits', () => {
    assert.equal(losesOnClose({ kind: 'offline', waiting: 0 }), false);
    assert.equal(losesOnClose({ kind: 'deleted', waiting: 2 }), true);
    assert.equal(losesOnClose({ kind: 'saving', waiting: 1 }), true);
  });
});

describe('refusalOf', () => {
  it('follows the error table: what may be retried is no refusal, what may not is one', () => {
    for (const [code, { close, retry }] of Object.entries(ERRORS)) {
      // It shares its close code with what may be retried, and cannot happen to a tab: its socket holds one document.
      if (code === 'too-many-documents') continue;
      if (close !== null) assert.equal(refusalOf(close) === null, retry, code);
    }
  });

  it('tells a deleted document, a lost right and a missing token apart', () => {
    assert.equal(refusalOf(ERRORS['document-deleted'].close), 'deleted');
    assert.equal(refusalOf(ERRORS['document-not-found'].close), 'deleted');
    assert.equal(refusalOf(ERRORS['origin-refused'].close), 'removed');
    for (const code of ['sign-in-required', 'token-invalid', 'token-expired', 'token-revoked'] as const) {
      assert.equal(refusalOf(ERRORS[code].close), 'sign-in', code);
    }
    assert.equal(refusalOf(ERRORS['client-id-taken'].close), 'rejected');
  });

  it('a lost network, a reset and a timeout are tried again', () => {
    for (const code of [1000, 1001, 1005, 1006, 4205, 4408]) assert.equal(refusalOf(code), null, String(code));
  });
});

describe('sentenceFor', () => {
  it('says how many edits are only here, and where', () => {
    assert.equal(
      sentenceFor({ kind: 'offline', waiting: 12 }),
      'The server does not answer. Your last 12 edits are in this tab and will be sent when it is back: keep the tab open. Trying again by itself.',
    );
    assert.match(sentenceFor({ kind: 'offline', waiting: 1 }), /Your last edit is in this tab/);
    assert.doesNotMatch(sentenceFor({ kind: 'offline', waiting: 0 }), /edit/);
    assert.match(sentenceFor({ kind: 'deleted', waiting: 2 }), /2 edits could not be stored/);
  });
});
