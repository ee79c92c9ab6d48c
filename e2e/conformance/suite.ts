import type { Answer, Candidate, Outcome } from './answer.ts';
import type { Case, CaseGroup } from './case.ts';
import { access } from './cases/access.ts';
import { addressFrames } from './cases/address-frames.ts';
import { documents } from './cases/documents.ts';
import { framing } from './cases/framing.ts';
import { oneSocket } from './cases/one-socket.ts';
import { presence } from './cases/presence.ts';
import { presenceFrames } from './cases/presence-frames.ts';
import { saving } from './cases/saving.ts';
import { stateless } from './cases/stateless.ts';
import { syncFrames } from './cases/sync-frames.ts';
import type { ProviderKit } from './providers.ts';
import { Scene, type Target } from './scene.ts';

/** Everything that is asked of a server. */
export const GROUPS: readonly CaseGroup[] = [
  ...[documents, saving, oneSocket, presence, access, stateless],
  ...[syncFrames, presenceFrames, addressFrames, framing],
];

/** Longest wait for what should happen, ms, and for what is known not to. */
const PATIENCE_MS = 5_000;
const KNOWN_TO_FAIL_MS = 700;

/** The cases with this word in their title or their group's. */
export function groupsAbout(word: string): CaseGroup[] {
  const has = (title: string) => title.toLowerCase().includes(word.toLowerCase());
  return GROUPS.map((group) => (has(group.title) ? group : { ...group, cases: group.cases.filter(({ title }) => has(title)) })).filter(
    ({ cases }) => cases.length > 0,
  );
}

/** Plays one case; rejects when it does not hold. */
export async function play(one: Case, target: Target, kit: ProviderKit): Promise<void> {
  const scene = new Scene(target, kit);
  try {
    await one.run(scene);
  } finally {
    scene.close();
  }
}

/** Asks a server the cases, one after the other. `tell` hears of each group before it begins. */
export async function ask(
  candidate: Candidate,
  groups: readonly CaseGroup[],
  kits: readonly ProviderKit[],
  tell: (what: string) => void,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const group of groups) {
    // A bare socket has no provider's version.
    for (const kit of group.by === 'provider' ? kits : kits.slice(0, 1)) {
      tell(group.by === 'provider' ? `${group.title}, provider ${kit.version}` : group.title);
      for (const one of group.cases) {
        answers.push({ candidate, kit: group.by === 'provider' ? kit : null, case: one, outcome: await outcomeOf(one, candidate, kit) });
      }
    }
  }
  return answers;
}

async function outcomeOf(one: Case, candidate: Candidate, kit: ProviderKit): Promise<Outcome> {
  if ((one.since ?? 0) > kit.major) return { kind: 'cannot-show' };
  if (one.needsFixture && !candidate.isFixture) return { kind: 'not-asked' };
  const known = candidate.id === null ? undefined : one.knownToFail?.[candidate.id];
  try {
    await play(one, { ...candidate, patienceMs: known === undefined ? PATIENCE_MS : KNOWN_TO_FAIL_MS }, kit);
    return { kind: 'holds' };
  } catch (error) {
    return { kind: 'fails', reason: oneLine((error as Error).message), known: known ?? null };
  }
}

/** What an error says, on one line of at most 200 characters. */
function oneLine(message: string): string {
  return message.replaceAll(/\s+/g, ' ').slice(0, 200);
}
