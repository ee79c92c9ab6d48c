import type { TestContext } from 'node:test';
import { openAccessStore } from '../../persistence/access-store.ts';
import { openPostgresStore } from '../../persistence/postgres-store.ts';
import type { AccessPatterns } from '../../protocol/identity.ts';
import { createAccess, type OpenedAccess } from '../../server/access/access.ts';
import { LivePath, type LivePathSettings } from '../live-path.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';

const OPTIONS = { secret: 'a-secret-of-thirty-two-bytes-or-so', jwksUrl: '', issuer: '', audience: '', clockToleranceSeconds: 0 };

export const HOUR_S = 3_600;

/** The way of an edit with sign-in by real tokens, and a clock that a test sets forward. */
export class TokenPath {
  readonly path: LivePath;
  readonly access: OpenedAccess;
  /** Access of another node on the same database. */
  readonly elsewhere: OpenedAccess;
  readonly #clock: { ahead: number };

  private constructor(path: LivePath, access: OpenedAccess, elsewhere: OpenedAccess, clock: { ahead: number }) {
    this.path = path;
    this.access = access;
    this.elsewhere = elsewhere;
    this.#clock = clock;
  }

  static async start(t: TestContext, databaseUrl: string, settings: Partial<LivePathSettings> = {}): Promise<TokenPath> {
    const clock = { ahead: 0 };
    const now = () => Date.now() + clock.ahead;
    const node = async () => {
      const access = await createAccess(OPTIONS, openAccessStore(databaseUrl), now);
      t.after(() => access.close());
      return access;
    };
    // The tables must be there before revocations are read.
    await (await openPostgresStore(databaseUrl)).close();
    const access = await node();
    const live = await LivePath.start(databaseUrl, undefined, { access, now, ...settings });
    t.after(() => live.stop());
    return new TokenPath(live, access, await node(), clock);
  }

  /** Sets the clock of all nodes forward. */
  pass(seconds: number): void {
    this.#clock.ahead += seconds * 1_000;
  }

  async token(sub: string, access: AccessPatterns, expiresInSeconds = HOUR_S): Promise<string> {
    return (await this.access.mint({ sub, name: `${sub} by token`, access, expiresInSeconds })).token;
  }

  /** A stock provider; `token` is called whenever it is asked for one. */
  client(t: TestContext, name: string, token: () => Promise<string>): WriterClient {
    const client = new WriterClient(this.path.collab, name, undefined, token);
    t.after(() => client.close());
    return client;
  }

  /** Somebody who may write, in the document. */
  async writer(t: TestContext, name: string, sub = 'ada'): Promise<WriterClient> {
    const token = await this.token(sub, { '*': 'edit' });
    const client = this.client(t, name, async () => token);
    await until(`${sub} is in`, () => client.saved);
    return client;
  }
}
