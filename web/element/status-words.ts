import type { Status, StatusKind } from './status.ts';

/** How urgent a status is; decides the colour of the dot. */
export type Tone = 'quiet' | 'good' | 'warn' | 'bad';

interface Words {
  readonly word: string;
  readonly tone: Tone;
}

const WORDS: Readonly<Record<StatusKind, Words>> = {
  connecting: { word: 'Connecting…', tone: 'quiet' },
  saving: { word: 'Saving…', tone: 'quiet' },
  saved: { word: 'Saved', tone: 'good' },
  reconnecting: { word: 'Reconnecting…', tone: 'warn' },
  offline: { word: 'Offline', tone: 'warn' },
  'sign-in': { word: 'Sign in again', tone: 'bad' },
  removed: { word: 'Access removed', tone: 'bad' },
  deleted: { word: 'Deleted', tone: 'bad' },
  rejected: { word: 'Changes rejected', tone: 'bad' },
  'update-required': { word: 'Update required', tone: 'warn' },
};

/** The status as one or two words with its tone. */
export function wordsFor(kind: StatusKind): Words {
  return WORDS[kind];
}

/** The status in full: what happened, what is safe, what to do. One to three sentences. */
export function sentenceFor({ kind, waiting }: Status): string {
  switch (kind) {
    case 'connecting':
      return 'Opening the document.';
    case 'saving':
      return waiting > 0 ? `${edits(waiting)} on the way to the server.` : 'Checking that the server has everything.';
    case 'saved':
      return 'Every edit is stored on the server.';
    case 'reconnecting':
      return `The connection was lost; trying again.${kept(waiting)}`;
    case 'offline':
      return `The server does not answer.${kept(waiting)} Trying again by itself.`;
    case 'sign-in':
      return `The server needs to know who you are.${here(waiting)}`;
    case 'removed':
      return `You do not have access to this document.${unsent(waiting)}`;
    case 'deleted':
      return `This document was deleted.${unsent(waiting)}`;
    case 'rejected':
      return `The server did not accept your last ${waiting > 1 ? 'changes: they are' : 'change: it is'} only in this tab. Copy what you need before you go on.`;
    case 'update-required':
      return 'This document holds content that this version cannot edit without losing it, so it is shown for reading. Reload the page to update.';
  }
}

function edits(count: number): string {
  return count === 1 ? '1 edit' : `${count} edits`;
}

function kept(waiting: number): string {
  if (waiting === 0) return '';
  return waiting === 1
    ? ' Your last edit is in this tab and will be sent when it is back: keep the tab open.'
    : ` Your last ${waiting} edits are in this tab and will be sent when it is back: keep the tab open.`;
}

function here(waiting: number): string {
  if (waiting === 0) return ' Sign in to go on.';
  return ` What you wrote last (${edits(waiting)}) is kept in this tab and will be stored once you sign in.`;
}

function unsent(waiting: number): string {
  if (waiting === 0) return '';
  return waiting === 1 ? ' Your last edit could not be stored.' : ` Your last ${waiting} edits could not be stored.`;
}
