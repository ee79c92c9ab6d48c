import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import express, { type Request } from 'express';
import { SignJWT } from 'jose';

const { PORT = '3000', INKWIRE_SERVER = 'http://127.0.0.1:8787', INKWIRE_SECRET } = process.env;
if (INKWIRE_SECRET === undefined) throw new Error('Give this application the INKWIRE_SECRET that the Inkwire server has.');
const key = new TextEncoder().encode(INKWIRE_SECRET);

interface User {
  readonly id: string;
  readonly name: string;
}

// Your application has users and sessions of its own: these two stand for them.
const USERS: readonly User[] = [
  { id: 'ada', name: 'Ada Lovelace' },
  { id: 'grace', name: 'Grace Hopper' },
];
const sessions = new Map<string, User>();

function userOf(request: Request): User | undefined {
  const session = /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  return session === undefined ? undefined : sessions.get(session);
}

/** What a person may do with a document, or `null`: your application's own rules. */
function roleOf(user: User, document: string): 'view' | 'edit' | null {
  if (document === 'examples/minutes') return user.id === 'ada' ? 'edit' : 'view';
  return document.startsWith('examples/') ? 'edit' : null;
}

const app = express();
app.use(express.urlencoded({ extended: false }));

app.post('/sign-in', (request, response) => {
  const user = USERS.find(({ id }) => id === request.body?.user);
  if (user === undefined) return void response.sendStatus(400);
  const session = randomUUID();
  sessions.set(session, user);
  response.cookie('session', session, { httpOnly: true, sameSite: 'lax' }).redirect('/');
});

// The editor asks here at every connection, and again before its token ends.
app.post('/inkwire-token', async (request, response) => {
  const user = userOf(request);
  if (user === undefined) return void response.sendStatus(401);
  const document = String(request.query.document);
  const role = roleOf(user, document);
  if (role === null) return void response.sendStatus(403);
  const token = await new SignJWT({ name: user.name, access: { [document]: role } })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.id)
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(key);
  response.type('text').set('Cache-Control', 'no-store').send(token);
});

app.get('/settings', (request, response) => {
  response.json({ server: INKWIRE_SERVER, user: userOf(request)?.name ?? null });
});

// Without a bundler the package's files are served as they are: the page imports /inkwire/editor.js.
app.use('/inkwire', express.static(fileURLToPath(new URL('./', import.meta.resolve('@inkwire/editor')))));
app.use(express.static(fileURLToPath(new URL('public', import.meta.url))));

app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error !== undefined) throw error;
  console.log(`http://localhost:${PORT}`);
});
