import type { Change } from '../../../domain/change/change.ts';
import { isUnfinished } from '../../../domain/change/change.ts';
import { STATE_WORDS } from '../../../domain/change/describe-state.ts';
import { type Related, relatedChanges, sharedNodes } from '../../../domain/change/related.ts';
import { declaredFor } from '../../../domain/policy/freeze.ts';
import type { CardLocation, CardLocations } from '../../../ports/chat.ts';
import type { Store } from '../../../ports/store.ts';
import type { CardContext, CardLinks, OtherChange } from '../blocks/card/context.ts';
import type { GroupMentions } from './mentions.ts';

export interface AroundCards {
  readonly store: Pick<Store, 'recentChanges' | 'freezes' | 'latestRecords'>;
  readonly locations: CardLocations;
  /** `https://TEAM.slack.com/`, from Slack; empty when unknown. */
  workspaceUrl(): string;
  /** How to mention the members of each group, in markup. */
  readonly mentions: GroupMentions;
}

/** Reads what the card of a change shows besides the change itself. */
export type ReadCardContext = (change: Change) => Promise<CardContext>;

const RECENT_CHANGES = 30;
/** So that cards rendered at the same time read the same changes once. */
const SHARED_FOR_MS = 2_000;
/** Number of records searched for those of a change; a change that started earlier has no numbers on its card. */
const LOOKED_THROUGH = 500;

export function openCardContext(around: AroundCards): ReadCardContext {
  const { store, mentions } = around;
  let shared: { readonly atMs: number; readonly changes: Promise<readonly Change[]> } | undefined;
  const recent = (): Promise<readonly Change[]> => {
    if (shared === undefined || performance.now() - shared.atMs > SHARED_FOR_MS) {
      const changes = store.recentChanges(RECENT_CHANGES);
      changes.catch(() => {
        shared = undefined;
      });
      shared = { atMs: performance.now(), changes };
    }
    return shared.changes;
  };
  // A list read before the proposal lacks the change itself, and so what it rolls back.
  const recentWith = async (change: Change): Promise<readonly Change[]> => {
    const [newest] = await recent();
    if (newest === undefined || newest.createdAtMs < change.createdAtMs) shared = undefined;
    return recent();
  };
  const linksTo = openLinks(around);
  return async (change) => {
    const waits = WAITING.includes(change.state);
    const ended = STATE_WORDS[change.state].steps === 'over';
    // A running change's card is rendered every second, and does not show the change before it.
    const { open, rolledBackBy, before } =
      change.state === 'running' ? NOTHING_RELATED : relatedChanges(change, await recentWith(change));
    const others = waits ? open.map((other) => otherOf(change, other)) : [];
    const frozen = isUnfinished(change) ? declaredFor(await store.freezes(), change.plan.target) : undefined;
    const records = ended ? await recordsOf(change, store) : undefined;
    const rolledBack = rolledBackBy.map(({ id }) => id);
    const named = [
      change.waitsFor ?? '',
      change.plan.rollsBack?.change ?? '',
      before?.id ?? '',
      ...rolledBack,
      ...others.map(({ id }) => id),
    ];
    return {
      links: await linksTo(named),
      nowMs: Date.now(),
      others,
      rolledBackBy: rolledBack,
      mentions,
      ...(before === undefined
        ? {}
        : { before: { id: before.id, atMs: before.outcome?.atMs ?? before.createdAtMs } }),
      ...(frozen?.kind === 'declared' ? { frozen: frozen.freeze } : {}),
      ...(records === undefined ? {} : { records }),
    };
  };
}

const WAITING: readonly string[] = [
  'proposed',
  'approved',
  'halted',
  'outcome_unknown',
] satisfies readonly Change['state'][];

const NOTHING_RELATED: Related = { open: [], rolledBackBy: [], before: undefined };

function otherOf(change: Change, other: Change): OtherChange {
  return {
    id: other.id,
    waitsForThis: other.state === 'approved' && other.waitsFor === change.id,
    sharedNodes: sharedNodes(change, other),
  };
}

async function recordsOf({ id }: Change, store: AroundCards['store']): Promise<CardContext['records']> {
  let looked = 0;
  let last: number | undefined;
  for await (const { change, event, seq } of store.latestRecords()) {
    looked += 1;
    if (looked > LOOKED_THROUGH) return undefined;
    if (change !== id) continue;
    last ??= seq;
    if (event === 'change.proposed') return { first: seq, last };
  }
  return undefined;
}

/** Links to the cards of these changes; absent where no card is posted yet. */
export type LinksTo = (ids: readonly string[]) => Promise<CardLinks>;

export function openLinks({
  locations,
  workspaceUrl,
}: Pick<AroundCards, 'locations' | 'workspaceUrl'>): LinksTo {
  return async (ids) => {
    const links = new Map<string, string>();
    for (const id of new Set(ids.filter((one) => one !== ''))) {
      const place = await locations.find(id);
      const url = place === undefined ? undefined : permalink(workspaceUrl(), place);
      if (url !== undefined) links.set(id, url);
    }
    return links;
  };
}

/** The link to a message; undefined where the address of the workspace is unknown. */
export function permalink(workspaceUrl: string, { channel, ts }: CardLocation): string | undefined {
  const url = workspaceUrl.replace(/\/$/, '');
  return url === '' ? undefined : `${url}/archives/${channel}/p${ts.replace('.', '')}`;
}
