import { SignJWT } from 'jose';

/** The secret of a test's server. */
export const SECRET = 'known-to-everybody-who-reads-these-tests';

export interface Person {
  readonly sub: string;
  readonly name: string;
  readonly access: Readonly<Record<string, string>>;
}

export const ADA: Person = { sub: 'ada', name: 'Ada Lovelace', access: { '*': 'admin' } };

/** A token as an application signs it, good for some seconds from this moment. */
export function tokenOf({ sub, name, access }: Person, seconds = 3600): Promise<string> {
  return new SignJWT({ name, access })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setJti(crypto.randomUUID())
    .setIssuedAt(Date.now() / 1000)
    .setExpirationTime(Date.now() / 1000 + seconds)
    .sign(new TextEncoder().encode(SECRET));
}

/** Calls the API with a token; throws unless it was answered well. */
export async function callApi(
  server: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(server + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
  return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
}
