import { describe } from 'node:test';
import { clientIdsContract } from './contract/client-ids.ts';
import { compactionContract } from './contract/compaction.ts';
import { deletionContract } from './contract/deletion.ts';
import { fallBackContract } from './contract/fall-back.ts';
import type { FreshDatabase } from './contract/fixture.ts';
import { listingContract } from './contract/listing.ts';
import { logContract } from './contract/log.ts';
import { outageContract } from './contract/outage.ts';

/**
 * What every `DocumentStore` must hold, as tests. `fresh` makes an empty database for one test and
 * returns how to open stores on it; opened twice it is two nodes.
 */
export function documentStoreContract(label: string, fresh: FreshDatabase): void {
  describe(label, () => {
    describe('log', () => logContract(fresh));
    describe('deletion', () => deletionContract(fresh));
    describe('compaction', () => compactionContract(fresh));
    describe('client ids', () => clientIdsContract(fresh));
    describe('earlier times', () => fallBackContract(fresh));
    describe('listing', () => listingContract(fresh));
    describe('outage', () => outageContract(fresh));
  });
}
