import { authorize, type Facts } from '../../domain/authorization/authorize.ts';
import { type Capability, capabilities } from '../../domain/authorization/capabilities.ts';
import { type Change, isHalted } from '../../domain/change/change.ts';
import { awaitsReview } from '../../domain/change/describe-state.ts';
import { type Person, samePerson } from '../../domain/person.ts';
import { type Frozen, findFreeze } from '../../domain/policy/freeze.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { DriftStore } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';
import { membershipOf } from '../people.ts';
import type { Menu } from '../requests.ts';
import { menuOf } from './menu.ts';

/** The content of one person's Home tab, or why it has none. */
export type HomePage = Refusal | HomeContent;

export interface HomeContent {
  readonly kind: 'home';
  /** The slash command. */
  readonly command: string;
  readonly person: Person;
  readonly atMs: number;
  /** Changes that this person may approve or review. */
  readonly waitsForMe: readonly Change[];
  /** Halted changes, and those whose last step has an unknown outcome. */
  readonly needDecision: readonly Change[];
  /** Approved or running. */
  readonly underWay: readonly Change[];
  /** The newest first. */
  readonly recent: readonly Change[];
  /** Frozen targets, and their freezes. */
  readonly frozen: readonly { readonly target: string; readonly by: Frozen }[];
  readonly sessions: readonly TargetSessions[];
  readonly capabilities: readonly Capability[];
  readonly menu: Menu;
}

/** The result of a target's last drift check. */
export interface TargetSessions {
  readonly target: string;
  /** Undefined before the first check. */
  readonly checkedAtMs: number | undefined;
  readonly findings: readonly { readonly sentence: string; readonly next: string }[];
  /** Number of present TMM pods; undefined while the watches are not in sync. */
  readonly tmmPods: number | undefined;
}

export type ReadHome = (person: Person) => Promise<HomePage>;

const SEARCHED = 50;
const RECENT = 10;

/** Reads the store and the last results of the drift monitor: the cluster and its TMM pods are not read. */
export function openHomeReader(
  bot: Pick<Dependencies, 'policy' | 'registry' | 'people' | 'teamId' | 'store' | 'clusters' | 'clock'>,
  driftStore: Pick<DriftStore, 'read'>,
): ReadHome {
  const { policy, registry, store, clock } = bot;
  return async (person) => {
    const membership = await membershipOf(person, bot, 'cached');
    if (isRefusal(membership)) return membership;
    // In a channel of the policy: a Home tab has no channel.
    const facts: Facts = { person, channel: policy.channels[0] ?? '', membership };
    const allowed = authorize(policy, facts, READS_CHANGES);
    if (isRefusal(allowed)) return allowed;
    const changes = await store.recentChanges(SEARCHED);
    const freezes = await store.freezes();
    const atMs = clock.now();
    const mine = capabilities(policy, person, membership, registry.commands);
    return {
      kind: 'home',
      command: policy.command,
      person,
      atMs,
      waitsForMe: changes.filter((change) => waitsFor(change, facts, bot)),
      needDecision: changes.filter(isHalted),
      underWay: changes.filter(({ state }) => state === 'approved' || state === 'running'),
      recent: changes.slice(0, RECENT),
      frozen: policy.targets.flatMap(({ name }) => {
        const found = findFreeze(freezes, policy.freezes, { verb: '*', target: name, atMs });
        return found === undefined ? [] : [{ target: name, by: found }];
      }),
      sessions: await Promise.all(
        policy.targets
          .filter(({ name }) => mayShow(name, mine))
          .map((one) => sessionsOf(one.name, bot, driftStore)),
      ),
      capabilities: mine,
      menu: menuOf(person, membership, bot),
    };
  };
}

const READS_CHANGES = {
  kind: 'local query',
  verb: 'changes',
  audience: 'requesters',
  answerTo: 'person',
} as const;

/** Whether this person could decide it now; a change that only waits for a freeze to end counts as well. */
function waitsFor(change: Change, facts: Facts, { policy }: Pick<Dependencies, 'policy'>): boolean {
  const verb = change.state === 'proposed' ? 'approve' : awaitsReview(change) ? 'review' : undefined;
  if (verb === undefined) return false;
  const { channel, breakGlassUse } = change;
  // A use of break-glass is reviewed by somebody else.
  if (verb === 'review' && breakGlassUse !== undefined && samePerson(facts.person, breakGlassUse.by))
    return false;
  return !isRefusal(
    authorize(policy, { ...facts, channel }, { kind: 'decide', verb, change, frozen: undefined }),
  );
}

/** A target's sessions are shown only to people who may query it without an approval. */
function mayShow(target: string, mine: readonly Capability[]): boolean {
  return mine.some(
    (one) =>
      one.verb === 'show' && one.target === target && one.use && one.rule?.requiredApprovals.length === 0,
  );
}

async function sessionsOf(
  target: string,
  { clusters }: Pick<Dependencies, 'clusters'>,
  driftStore: Pick<DriftStore, 'read'>,
): Promise<TargetSessions> {
  const state = await driftStore.read(target);
  const found = Object.values(state?.findings ?? {}).filter(({ announced }) => announced);
  return {
    target,
    checkedAtMs: state?.atMs,
    findings: found.map(({ observation: { sentence, next } }) => ({ sentence, next })),
    tmmPods: clusters.get(target)?.cachedSnapshot()?.podCounts.active,
  };
}
