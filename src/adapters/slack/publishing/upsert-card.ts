import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageMetadata } from '@slack/types';
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRequestError, type WebClient } from '@slack/web-api';
import type { Change } from '../../../domain/change/change.ts';
import type { CardLocation, CardLocations } from '../../../ports/card-locations.ts';
import type { Deduplicator } from '../../../ports/store.ts';
import { cardMessage } from '../blocks/card-blocks.ts';
import { withoutRetries } from '../clients.ts';
import { retryRateLimited } from '../slack-errors.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';

export interface CardDependencies {
  readonly client: WebClient;
  readonly places: CardLocations;
  readonly seen: Deduplicator;
  readonly rateLimiter: ChannelRateLimiter;
}

/** Draws the card where it stands, or posts it: once, however many replicas want to, and whoever died meanwhile. */
export async function upsertCard(change: Change, dependencies: CardDependencies): Promise<CardLocation> {
  const place = await dependencies.places.find(change.id);
  if (place !== undefined && (await update(change, place, dependencies))) return place;
  const posted = await post(change, dependencies, place);
  if (posted !== undefined) return posted;
  await sleep(ELSEWHERE_MS);
  const kept = await dependencies.places.find(change.id);
  if (kept === undefined || kept.ts === place?.ts || !(await update(change, kept, dependencies)))
    throw new Error(`the card of ${change.id} is being posted elsewhere`);
  return kept;
}

const ELSEWHERE_MS = 300;
// Somebody deleted it, or it is of a bot user that we are not any more: what happens must be seen all the same.
const LOST = ['message_not_found', 'cant_update_message', 'edit_window_closed'];

/** False when the card is not there any more, or not ours. */
async function update(
  change: Change,
  { channel, ts }: CardLocation,
  { client }: CardDependencies,
): Promise<boolean> {
  const { text, blocks } = cardMessage(change);
  const message = { channel, ts, text, blocks: [...blocks], metadata: metadataOf(change) };
  try {
    await retryRateLimited(() => client.chat.update(message), { tries: Number.POSITIVE_INFINITY });
    return true;
  } catch (error) {
    if (error instanceof WebAPIPlatformError && LOST.includes(error.data.error)) return false;
    throw error;
  }
}

// Who posts a card has this long to keep its place before another one may look for it: longer than a call may take.
const POSTING_MS = 15_000;
const LONGEST_CALL_MS = 11_000;
const YOUNG_MS = 10_000;

/** Undefined when somebody else is at it. `lost` is a card that does not count any more. */
function post(
  change: Change,
  dependencies: CardDependencies,
  lost: CardLocation | undefined,
): Promise<CardLocation | undefined> {
  const { client, places, seen, rateLimiter } = dependencies;
  let claimedAtMs: number | undefined;
  // All of it once the channel is free: a claim would run out in a long queue, or while Slack makes us wait.
  return rateLimiter.run(change.channel, 'card', async () => {
    const kept = await places.find(change.id);
    if (kept !== undefined && kept.ts !== lost?.ts) {
      await update(change, kept, dependencies);
      return kept;
    }
    const heldMs = claimedAtMs === undefined ? undefined : Date.now() - claimedAtMs;
    if (heldMs === undefined || heldMs > POSTING_MS - LONGEST_CALL_MS) {
      // Our own claim, which is too short for another call.
      if (heldMs !== undefined) await sleep(Math.max(0, POSTING_MS - heldMs));
      if (!(await seen.first(`card ${change.id}`, POSTING_MS))) return undefined;
      claimedAtMs = Date.now();
    }
    const young = lost === undefined && change.version === 1 && Date.now() - change.createdAtMs < YOUNG_MS;
    const found = young ? undefined : await findCard(client, change, lost);
    const place = found ?? (await postOnce(change, client, lost));
    await places.keep(change.id, place);
    if (found !== undefined) await update(change, found, dependencies);
    return place;
  });
}

const SETTLE_MS = 500;
// A failure that comes later than this leaves too little of the claim for another call.
const QUICK_MS = 2_000;

/** When no answer came, the card may be there all the same: look before it is posted again. */
async function postOnce(
  change: Change,
  client: WebClient,
  lost: CardLocation | undefined,
): Promise<CardLocation> {
  const { channel } = change;
  const { text, blocks } = cardMessage(change);
  const message = { channel, text, blocks: [...blocks], metadata: metadataOf(change) };
  const send = async (): Promise<CardLocation> => {
    const { ts = '' } = await withoutRetries(client).chat.postMessage({
      ...message,
      unfurl_links: false,
      unfurl_media: false,
    });
    return { channel, ts };
  };
  const startedAtMs = Date.now();
  try {
    return await send();
  } catch (error) {
    const quick = Date.now() - startedAtMs < QUICK_MS;
    if (!(error instanceof WebAPIRequestError || error instanceof WebAPIHTTPError)) throw error;
    await sleep(SETTLE_MS);
    const found = await findCard(client, change, lost);
    if (found !== undefined) return found;
    if (!quick) throw error;
    return send();
  }
}

const EVENT = 'bgp_change';

/** What a card holds unseen, so that it can be found again. */
function metadataOf({ id }: Change): MessageMetadata {
  return { event_type: EVENT, event_payload: { change: id } };
}

/** Looks for a card that was posted and whose location was not kept, in the channel of the request; never `lost`. */
async function findCard(
  client: WebClient,
  change: Change,
  lost: CardLocation | undefined,
): Promise<CardLocation | undefined> {
  const { channel, createdAtMs } = change;
  const oldest = String((createdAtMs - 60_000) / 1000);
  let cursor: string | undefined;
  do {
    const page = await client.conversations.history({
      channel,
      oldest,
      limit: 200,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { metadata, ts } of page.messages ?? []) {
      if (metadata?.event_type !== EVENT || ts === undefined || ts === lost?.ts) continue;
      if (isOf(change, metadata.event_payload)) return { channel, ts };
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return undefined;
}

function isOf({ id }: Change, payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'change' in payload && payload.change === id;
}
