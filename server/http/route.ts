import { createRoute, type RouteConfig, z } from '@hono/zod-openapi';
import { ACTIONS, type Action } from '../../protocol/permissions.ts';
import { nameFromSegment } from './document-name-param.ts';

type ActionOn<Of extends string> = Extract<Action, `${Of}.${string}`>;

/** What a route asks of its caller: nothing, a token of whatever kind, or to be allowed an action. */
export type Permission = 'public' | 'signed-in' | Action;

/**
 * What a route asks, and what it is about: the `document` that its path names, the `server`, or `nobody`
 * in particular. Public ones hold nothing of any document. An action on a document that is not named by
 * the path is allowed to a caller who may do it to any; its handler asks again.
 */
export type Rule =
  | { readonly permission: ActionOn<'document'>; readonly of: 'document' }
  | { readonly permission: ActionOn<'server'>; readonly of: 'server' }
  | { readonly permission: 'public' | 'signed-in' | ActionOn<'document'>; readonly of: 'nobody' };

const NameParam = z.object({
  name: z.string().openapi({
    param: { name: 'name', in: 'path' },
    description: 'The name, percent-encoded as one segment: 1–255 bytes of UTF-8 without control characters, not "." or "..".',
    example: 'team%2Fplan',
  }),
});

/** A route as `Routes` takes it: its rule, and what OpenAPI is told. */
export interface DeclaredRoute<R extends RouteConfig> {
  readonly rule: Rule;
  /** Its handler reads the body as it comes, and holds limits of its own. */
  readonly streamsBody: boolean;
  readonly operation: R & { getRoutingPath(): string };
}

/**
 * Declares a route, once: how OpenAPI describes it, and its rule, which the description tells too. A path
 * about a document has `{name}` in it; the parameter need not be described again.
 */
export function route<const P extends string, R extends Omit<RouteConfig, 'path'> & { path: P; streamsBody?: true } & Rule>(
  declaration: R,
) {
  const { permission, of, streamsBody = false, ...config } = declaration;
  const rule = { permission, of } as Rule;
  const { params } = config.request ?? {};
  const description = `${config.description ?? ''} ${roleNeeded(rule)}`.trim();
  const operation = createRoute({
    ...config,
    ...(description !== '' && { description }),
    security: permission === 'public' ? [] : [{ bearer: [] }],
    ...(of === 'document' && {
      request: { ...config.request, params: params instanceof z.ZodObject ? NameParam.extend(params.shape) : NameParam },
    }),
  } as RouteConfig);
  return { rule, operation, streamsBody } as unknown as DeclaredRoute<R>;
}

function roleNeeded({ permission, of }: Rule): string {
  if (permission === 'public' || permission === 'signed-in') return '';
  return `Takes the role ${ACTIONS[permission]}${of === 'server' ? ' on `*`' : ''}.`;
}

/** The document that a path names at the place of `:name` in the pattern. Throws `bad-name`. */
export function nameIn(pattern: string, path: string): string {
  return nameFromSegment(path.split('/')[pattern.split('/').indexOf(':name')] ?? '');
}
