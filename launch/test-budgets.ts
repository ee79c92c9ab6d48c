/** What the whole of `npm test` may take on two cores that do nothing else, seconds. */
export const TOTAL_BUDGET_SECONDS = 480;

const FAST_SECONDS = 8;
const POSTGRES_SECONDS = 20;
const BROWSER_SECONDS = 45;

/** Files that need longer, most of them because they wait. */
export const LONGER: Readonly<Record<string, number>> = {
  'e2e/bench.pg.test.ts': 40,
  'e2e/cluster/chaos.pg.test.ts': 45,
  'e2e/deploy.pg.test.ts': 30,
  'e2e/y-websocket.pg.test.ts': 40,
  'e2e/http-transport.pg.test.ts': 30,
  'e2e/sync.pg.test.ts': 35,
  'e2e/edits.pg.test.ts': 40,
  'server/transport/http-links.test.ts': 15,
  'server/transport/hand-over.test.ts': 30,
  'e2e/cluster/http-links.pg.test.ts': 30,
  'e2e/browser/transports.browser.test.ts': 60,
  'persistence/backup/backup.pg.test.ts': 30,
  'e2e/cluster/cluster.pg.test.ts': 30,
  'server/cluster/brokers/redis.pg.test.ts': 35,
  'e2e/browser/accessibility.browser.test.ts': 60,
  'e2e/browser/firefox.browser.test.ts': 60,
  'e2e/browser/tables.browser.test.ts': 60,
  'e2e/faults/faults.pg.test.ts': 50,
  'e2e/access/edge.pg.test.ts': 45,
  'e2e/heavy-edits.pg.test.ts': 40,
  'e2e/access/hostile.pg.test.ts': 30,
  'persistence/postgres-store.pg.test.ts': 55,
  'persistence/embedded/embedded-postgres.pg.test.ts': 30,
  'persistence/log-writer.pg.test.ts': 25,
  'e2e/package.pg.test.ts': 50,
  'e2e/extensions/hooks.pg.test.ts': 30,
  'server/workers/convert.test.ts': 25,
  'server/http/route.test.ts': 20,
  'e2e/api-page.pg.test.ts': 25,
  'server/workers/formats/hostile-files.test.ts': 20,
  'server/workers/formats/random-files.test.ts': 12,
  'document/wide.test.ts': 25,
  'launch/test-file.test.ts': 15,
};

/** What a test file may take while another one runs beside it, seconds. */
export function budgetSeconds(file: string): number {
  if (LONGER[file] !== undefined) return LONGER[file];
  if (file.endsWith('.soak.ts')) return Number.POSITIVE_INFINITY;
  if (file.endsWith('.browser.test.ts')) return BROWSER_SECONDS;
  return file.endsWith('.pg.test.ts') ? POSTGRES_SECONDS : FAST_SECONDS;
}
