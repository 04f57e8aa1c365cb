import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import type { Change } from '../../domain/change.ts';
import type { AuditRecord } from '../../domain/record.ts';
import type { CardPlace, CardPlaces } from '../../ports/card-places.ts';
import type { Seen, Store } from '../../ports/store.ts';
import { cardMessage } from './blocks/card-blocks.ts';
import { threadLine } from './blocks/thread-lines.ts';
import { type ChannelPace, retryAfterMs } from './channel-pace.ts';
import { cardMark, findCard } from './find-card.ts';
import type { Threads } from './threads.ts';

interface Desk {
  readonly client: WebClient;
  readonly store: Pick<Store, 'change' | 'recentChanges'>;
  readonly places: CardPlaces;
  readonly seen: Seen;
  readonly pace: ChannelPace;
  readonly threads: Threads;
}

export interface Cards {
  /** Resolves once the card shows at least this record, and its thread line is posted. */
  show(record: AuditRecord): Promise<void>;
  /** Draws the cards of the last changes again, for what was lost when a bot died. */
  redrawRecent(): Promise<void>;
}

// chat.update takes about one a second; what happens in between is drawn together.
const BETWEEN_DRAWS_MS = 1_000;
// Who posts a card has this long to keep its place before another one may look for it.
const POSTING_MS = 15_000;
const YOUNG_MS = 10_000;

/** The cards are a projection: whatever happened, they are drawn from the change as it is now. */
export function openCards(desk: Desk): Cards {
  const artists = new Map<string, Artist>();
  const draw = (id: string): Promise<CardPlace | undefined> => {
    const artist = artists.get(id) ?? artistOf(id, desk, () => artists.delete(id));
    artists.set(id, artist);
    return artist.draw();
  };
  return {
    async show(record) {
      if (record.change === null) return;
      const place = await draw(record.change);
      const line = threadLine(record);
      if (place === undefined || line === undefined) return;
      await desk.threads.add(place, line);
    },
    async redrawRecent() {
      for (const { id } of await desk.store.recentChanges(20)) await draw(id);
    },
  };
}

interface Artist {
  /** Draws what there is from now on; several askers share one drawing. */
  draw(): Promise<CardPlace | undefined>;
}

function artistOf(id: string, desk: Desk, idle: () => void): Artist {
  let drawing: Promise<CardPlace | undefined> | undefined;
  let next: Promise<CardPlace | undefined> | undefined;
  let last: { readonly atMs: number; readonly state: string } | undefined;

  async function once(): Promise<CardPlace | undefined> {
    const before = await desk.store.change(id);
    if (before === undefined) return undefined;
    if (last !== undefined && last.state === before.state) {
      await sleep(Math.max(0, last.atMs + BETWEEN_DRAWS_MS - Date.now()));
    }
    const change = (await desk.store.change(id)) ?? before;
    const place = await put(change, desk);
    last = { atMs: Date.now(), state: change.state };
    // Another replica may have drawn a newer state in between; then ours is the older one and is drawn over.
    const after = await desk.store.change(id);
    if (after !== undefined && after.version !== change.version && drawing !== undefined) void artist.draw();
    return place;
  }

  const artist: Artist = {
    draw() {
      if (drawing === undefined) {
        drawing = once().finally(() => {
          drawing = undefined;
          if (next === undefined)
            setTimeout(() => drawing === undefined && idle(), 2 * BETWEEN_DRAWS_MS).unref();
        });
        return drawing;
      }
      next ??= drawing
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return artist.draw();
        });
      return next;
    },
  };
  return artist;
}

async function put(change: Change, desk: Desk): Promise<CardPlace> {
  const place = await desk.places.find(change.id);
  if (place === undefined) return post(change, desk);
  await update(change, place, desk);
  return place;
}

async function update(change: Change, { channel, ts }: CardPlace, { client }: Desk): Promise<void> {
  const { text, blocks } = cardMessage(change);
  for (;;) {
    try {
      await client.chat.update({ channel, ts, text, blocks: [...blocks], metadata: cardMark(change.id) });
      return;
    } catch (error) {
      const waitMs = retryAfterMs(error);
      if (waitMs === undefined) throw error;
      await sleep(waitMs);
    }
  }
}

/** Posts once, however many replicas want to, and whoever died between posting and keeping the place. */
async function post(change: Change, desk: Desk): Promise<CardPlace> {
  const { client, places, seen, pace } = desk;
  if (!(await seen.first(`card ${change.id}`, POSTING_MS))) {
    await sleep(300);
    const kept = await places.find(change.id);
    if (kept === undefined) throw new Error(`the card of ${change.id} is being posted elsewhere`);
    await update(change, kept, desk);
    return kept;
  }
  const young = change.version === 1 && Date.now() - change.createdAtMs < YOUNG_MS;
  const found = young ? undefined : await findCard(client, change);
  if (found !== undefined) {
    await places.keep(change.id, found);
    await update(change, found, desk);
    return found;
  }
  const { text, blocks } = cardMessage(change);
  const { channel } = change;
  const { ts = '' } = await pace.run(channel, 'card', () =>
    client.chat.postMessage({
      channel,
      text,
      blocks: [...blocks],
      metadata: cardMark(change.id),
      unfurl_links: false,
      unfurl_media: false,
    }),
  );
  const place = { channel, ts };
  await places.keep(change.id, place);
  return place;
}
