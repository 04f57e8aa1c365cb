import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { Change } from '../../../domain/change/change.ts';
import type { Person } from '../../../domain/person.ts';
import type { HomeViewers } from '../../../ports/chat.ts';
import type { Deduplicator } from '../../../ports/store.ts';
import type { ReadHome } from '../../../workflow/requests/read-home.ts';
import { changesOn, homeView } from '../blocks/home-blocks.ts';
import { retryRateLimited } from '../slack-errors.ts';
import type { LinksTo } from './card-context.ts';

export interface HomeTab {
  /** Handles that a person opens the tab. */
  opened(person: Person): Promise<void>;
  /** Updates the tab of everybody who viewed it recently; resolves once that has started. */
  show(record: AuditRecord): Promise<void>;
}

interface HomeTabDependencies {
  readonly client: WebClient;
  readonly viewers: HomeViewers;
  /** Shared by all replicas, so that together they publish to a person at most once a second. */
  readonly seen: Deduplicator;
  readonly read: ReadHome;
  readonly linksTo: LinksTo;
  readonly stopping: AbortSignal;
  onError(error: unknown): void;
}

const BETWEEN_PUBLISHES_MS = 1_000;
const REMEMBERED_FOR_MS = 24 * 3_600_000;
const CARD_WITHIN_MS = 60_000;
const RATE_LIMIT_TRIES = 5;

/**
 * The Home tab is a projection: it is rendered from the present state when it is published, so that changes in between are
 * combined.
 */
export function openHomeTab(context: HomeTabDependencies): HomeTab {
  const { viewers, stopping, onError } = context;
  const due = new Map<string, { readonly person: Person; readonly fromMs: number }>();
  let unavailable: string | undefined;
  let isPublishing = false;

  function mark(person: Person, fromMs: number): void {
    due.set(JSON.stringify(person), { person, fromMs });
    if (!isPublishing) void publishAll();
  }

  async function publishAll(): Promise<void> {
    isPublishing = true;
    for (;;) {
      const [first] = [...due].sort(([, one], [, other]) => one.fromMs - other.fromMs);
      if (first === undefined || stopping.aborted) break;
      const [key, { person, fromMs }] = first;
      const waitMs = fromMs - performance.now();
      // Waits in short pieces: somebody else may be due earlier.
      if (waitMs > 0) await sleep(Math.min(waitMs, 100), undefined, { ref: false });
      else {
        due.delete(key);
        await publishTo(person).catch(noteOnce);
      }
    }
    isPublishing = false;
  }

  async function publishTo(person: Person): Promise<void> {
    const key = `home ${person.teamId} ${person.userId}`;
    if (!(await context.seen.first(key, BETWEEN_PUBLISHES_MS))) {
      due.set(JSON.stringify(person), { person, fromMs: performance.now() + BETWEEN_PUBLISHES_MS });
      return;
    }
    const page = await context.read(person);
    const changes = changesOn(page);
    const links = await context.linksTo(changes.map(({ id }) => id));
    const view = homeView(page, links);
    const call = () => context.client.views.publish({ user_id: person.userId, view });
    await retryRateLimited(call, { tries: RATE_LIMIT_TRIES });
    unavailable = undefined;
    publishWithLinks(
      person,
      changes.filter(({ id }) => !links.has(id)),
    );
  }

  /** The card of a new change may be posted after this without a record: the tab is updated again, at growing intervals. */
  function publishWithLinks(person: Person, unlinked: readonly Change[]): void {
    const ageMs = Math.min(...unlinked.map(({ createdAtMs }) => Math.max(0, Date.now() - createdAtMs)));
    const key = JSON.stringify(person);
    if (ageMs > CARD_WITHIN_MS || due.has(key)) return;
    due.set(key, { person, fromMs: performance.now() + Math.max(BETWEEN_PUBLISHES_MS, ageMs) });
  }

  /** An app without a Home tab, or without the right to publish one, fails at each call; one log line is enough. */
  function noteOnce(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    if (words !== unavailable) onError(error);
    unavailable = words;
  }

  return {
    async opened(person) {
      mark(person, performance.now());
      await viewers.add(person, Date.now(), REMEMBERED_FOR_MS);
    },
    async show(record) {
      if (!isShown(record) || Date.parse(record.at) < Date.now() - REMEMBERED_FOR_MS) return;
      for (const person of await viewers.since(Date.now() - REMEMBERED_FOR_MS))
        mark(person, performance.now());
    },
  };
}

/** Whether this record may change the tab. */
function isShown({ change, event }: AuditRecord): boolean {
  return change !== null || event.startsWith('drift.') || event.startsWith('freeze.');
}
