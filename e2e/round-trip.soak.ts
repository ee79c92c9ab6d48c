import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readmes, roundTrips } from './round-trip.ts';

it('[X3] md → doc → md is stable and loses no word, for every README under node_modules', () => {
  const count = roundTrips(readmes(Number.POSITIVE_INFINITY));
  assert.ok(count > 200, `only ${count} files were found`);
});
