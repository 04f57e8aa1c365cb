import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import { type Change, isUnfinished } from '../../../domain/change/change.ts';
import type { CardLocation } from '../../../ports/chat.ts';
import { type Store, Unreadable } from '../../../ports/store.ts';
import { threadLine } from '../blocks/notice-blocks.ts';
import { isClosedChannel } from '../slack-errors.ts';
import { openKeyedQueue } from './keyed-queue.ts';
import { type GroupMentions, mentionsFor } from './mentions.ts';
import type { Threads } from './threads.ts';
import { type CardDependencies, upsertCard } from './upsert-card.ts';

interface CardsDependencies extends CardDependencies {
  readonly store: Pick<Store, 'change' | 'recentChanges'>;
  readonly threads: Threads;
  /** How to mention the members of each group. */
  readonly mentions: GroupMentions;
  /** Aborts when the process stops. */
  readonly stopping?: AbortSignal;
  /** Called with why a card could not be updated yet; that is retried. */
  onError?(error: unknown): void;
}

export interface Cards {
  /** Resolves once the card shows at least this record, and its thread line is posted. */
  show(record: AuditRecord): Promise<void>;
  /** Renders the cards of the latest changes again, in case a crashed process missed an update. */
  redrawRecent(): Promise<void>;
}

// chat.update allows about one call per second; changes in between are combined.
const BETWEEN_DRAWS_MS = 1_000;
const MAX_REDRAW_PAUSE_MS = 30_000;
const MAX_REDRAWS = 20;
const RECENT_CHANGES = 20;

/** Cards are a projection: after each record the card is rendered from the present change. */
export function openCards(context: CardsDependencies): Cards {
  const renderers = new Map<string, CardRenderer>();
  const draw = (id: string): Promise<CardLocation | undefined> => {
    const renderer =
      renderers.get(id) ??
      cardRendererOf(id, context, (idle) => renderers.get(id) === idle && renderers.delete(id));
    renderers.set(id, renderer);
    return renderer.draw();
  };
  const redraw = async (which: (change: Change) => boolean): Promise<void> => {
    const recent = await context.store.recentChanges(RECENT_CHANGES);
    for (const { id } of recent.filter(which)) await draw(id);
  };
  /** Updates the card of the rolled-back change with the link to its rollback. A failure is made up by its next update. */
  const drawRolledBack = (id: string): void => {
    const drawn = context.store
      .change(id)
      .then((change) =>
        change?.plan.rollsBack === undefined ? undefined : draw(change.plan.rollsBack.change),
      );
    drawn.catch((error: unknown) => context.onError?.(error));
  };
  const turns = openKeyedQueue(context.stopping);
  let reading: Promise<unknown> = Promise.resolve();
  return {
    async show(record) {
      const { change: id, seq } = record;
      if (id === null) return isFreeze(record) ? redraw(isUnfinished) : undefined;
      if (leavesCard(record)) return;
      const isNew = record.event === 'change.proposed';
      const [line, card] = [`line of ${id}`, `card of ${id}`];
      // In the order in which the records arrive; a failed record keeps its places until it arrives again.
      turns.join(line, seq);
      if (isNew) turns.join(card, seq);
      const found = reading.then(async () => {
        const channel = isNew ? (await context.store.change(id))?.channel : undefined;
        if (channel !== undefined) turns.join(channel, seq);
        return channel;
      });
      reading = found.catch(() => undefined);
      let channel: string | undefined;
      const leave = (...keys: readonly (string | undefined)[]): void => {
        for (const key of keys) if (key !== undefined) turns.leave(key, seq);
      };
      try {
        channel = await found;
        // A new card follows those that were proposed earlier in its channel.
        if (channel !== undefined) await turns.wait(channel, seq);
        else await turns.wait(card, seq);
        const place = await draw(id);
        leave(channel, card);
        if (isNew) drawRolledBack(id);
        await turns.wait(line, seq);
        const words = await lineOf(record, context);
        const added =
          place === undefined || words === undefined ? undefined : context.threads.add(place, words);
        // Lines of later records may go into the same message.
        leave(line);
        await added;
      } catch (error) {
        // Not retried: the channel or the change cannot be read any more.
        if (isClosedChannel(error) || error instanceof Unreadable) leave(channel, card, line);
        if (!isClosedChannel(error)) {
          for (const key of [channel, card, line]) if (key !== undefined) turns.fail(key, seq);
          throw error;
        }
        context.onError?.(error);
      }
    },
    redrawRecent: () => redraw(() => true),
  };
}

/**
 * The line below the card, with mentions of those who have to act; built when it is posted, so that nobody is mentioned
 * unnecessarily.
 */
async function lineOf(
  record: AuditRecord,
  { store, mentions }: CardsDependencies,
): Promise<string | undefined> {
  const words = threadLine(record);
  const change =
    words === undefined || record.change === null ? undefined : await store.change(record.change);
  const mentioned = change === undefined ? '' : mentionsFor(record, change, mentions);
  return mentioned === '' ? words : `${mentioned} ${words}`;
}

/**
 * Whether the card stays as it is. A refusal moves no change, and Slack would mark the card as edited; if somebody saw an old
 * card, it is updated.
 */
function leavesCard({ event, reason_code: code }: AuditRecord): boolean {
  return event === 'request.refused' && code !== 'not_open' && code !== 'wrong_digest';
}

function isFreeze({ event }: AuditRecord): boolean {
  return event === 'freeze.declared' || event === 'freeze.lifted';
}

interface CardRenderer {
  /** Renders the present change; callers during an update share the next one. */
  draw(): Promise<CardLocation | undefined>;
}

function cardRendererOf(
  id: string,
  context: CardsDependencies,
  onIdle: (renderer: CardRenderer) => void,
): CardRenderer {
  let drawing: Promise<CardLocation | undefined> | undefined;
  let next: Promise<CardLocation | undefined> | undefined;
  let last: { readonly atMs: number; readonly state: string } | undefined;

  async function once(): Promise<CardLocation | undefined> {
    const before = await context.store.change(id);
    if (before === undefined) return undefined;
    if (last !== undefined && last.state === before.state) {
      await sleep(Math.max(0, last.atMs + BETWEEN_DRAWS_MS - Date.now()));
    }
    const change = (await context.store.change(id)) ?? before;
    const place = await upsertCard(change, context);
    last = { atMs: Date.now(), state: change.state };
    // Another replica may have posted a newer state in between; then ours is older and has to be updated.
    const after = await context.store.change(id);
    if (after !== undefined && after.version !== change.version) drawOver();
    return place;
  }

  // No caller waits for this update, so it retries by itself.
  function drawOver(tried = 1): void {
    renderer.draw().catch((error: unknown) => {
      context.onError?.(error);
      if (tried === MAX_REDRAWS) return;
      const pauseMs = Math.min(BETWEEN_DRAWS_MS * 2 ** tried, MAX_REDRAW_PAUSE_MS);
      setTimeout(() => drawOver(tried + 1), pauseMs).unref();
    });
  }

  const renderer: CardRenderer = {
    draw() {
      // Earlier records that are still waiting go first, so that no thread line overtakes another.
      if (next !== undefined) return next;
      if (drawing === undefined) {
        drawing = once().finally(() => {
          drawing = undefined;
          if (next === undefined)
            setTimeout(() => drawing === undefined && onIdle(renderer), 2 * BETWEEN_DRAWS_MS).unref();
        });
        return drawing;
      }
      next = drawing
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return renderer.draw();
        });
      return next;
    },
  };
  return renderer;
}
