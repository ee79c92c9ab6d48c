import type { OpenAPIHono, RouteConfig, RouteHandler } from '@hono/zod-openapi';
import type { Context, Handler, MiddlewareHandler } from 'hono';
import { InkwireError } from '../../protocol/errors.ts';
import type { Caller } from './caller.ts';
import type { DeclaredRoute, Rule } from './route.ts';

/** What is found out of a request before it is answered. */
interface Found {
  readonly caller: Caller;
  /** The document that the path names; '' on a route about none. */
  readonly name: string;
}

/** What the handler of a route is told: who asks, unless everybody may, and the document the route is about, if any. */
type Asked<R> = R extends { permission: 'public' } ? undefined : R extends { of: 'document' } ? Found : Pick<Found, 'caller'>;

const KEY = 'found';

/** Leaves what was found out for the handler. */
export function setFound(c: Context, found: Found): void {
  c.set(KEY, found);
}

/** Who asks, as far as it was found out. */
export function foundCaller(c: Context): Caller | undefined {
  return (c.get(KEY) as Found | undefined)?.caller;
}

/** Every route of the application and its rule. A route that is registered in another way is refused to everybody. */
export class Routes {
  readonly #app: OpenAPIHono;
  readonly #rules = new Map<string, Rule>();
  readonly #streamed = new Set<string>();
  readonly #basePath: string;

  /** `basePath`: what the server is under, '' at the root of its host. */
  constructor(app: OpenAPIHono, basePath: string) {
    this.#app = app;
    this.#basePath = basePath;
  }

  /** What a path of the application is called outside: in links, and in what answers say. */
  outside(path: string): string {
    return this.#basePath + path;
  }

  /** The rules by method and path as they are registered; a GET stands for its HEAD. */
  get rules(): ReadonlyMap<string, Rule> {
    return this.#rules;
  }

  /** Answers a declared route; the handler runs once its rule is met. */
  add<R extends RouteConfig>(
    { rule, operation, streamsBody }: DeclaredRoute<R>,
    handle: (c: Parameters<RouteHandler<R>>[0], asked: Asked<R>) => ReturnType<RouteHandler<R>>,
  ): void {
    const key = `${operation.method.toUpperCase()} ${operation.getRoutingPath()}`;
    this.#rules.set(key, rule);
    if (streamsBody) this.#streamed.add(key);
    const handler = (c: Context) => handle(c as Parameters<RouteHandler<R>>[0], c.get(KEY));
    // The types of a route that is not known yet can be told to nobody.
    this.#app.openapi(operation as RouteConfig & { getRoutingPath(): string }, handler as never);
  }

  /** Answers a GET that everybody may ask and no program is told of: pages and their files. */
  addPage(path: string, ...handlers: (MiddlewareHandler | Handler)[]): void {
    this.#rules.set(`GET ${path}`, { permission: 'public', of: 'nobody' });
    this.#app.on('GET', path, ...(handlers as [Handler]));
  }

  /** The rule of a route as it was matched. Throws `forbidden` for one that is not declared. */
  ruleOf(method: string, path: string): Rule {
    const rule = this.#rules.get(`${method} ${path}`);
    if (rule === undefined) throw new InkwireError('forbidden', 'Nobody may use this address.');
    return rule;
  }

  /** Whether the handler of a route reads the body as it comes. */
  streamsBody(method: string, path: string): boolean {
    return this.#streamed.has(`${method} ${path}`);
  }
}
