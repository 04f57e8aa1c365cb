import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageMetadata } from '@slack/types';
import { WebAPIHTTPError, WebAPIRequestError, type WebClient } from '@slack/web-api';
import type { Change } from '../../../domain/change/change.ts';
import type { CardLocation, CardLocations } from '../../../ports/chat.ts';
import type { Deduplicator } from '../../../ports/store.ts';
import { cardMessage } from '../blocks/card-blocks.ts';
import { withoutRetries } from '../clients.ts';
import { isLostMessage, retryRateLimited, slackErrorCode } from '../slack-errors.ts';
import type { ReadCardContext } from './card-context.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';

export interface CardDependencies {
  readonly client: WebClient;
  readonly locations: CardLocations;
  readonly seen: Deduplicator;
  readonly rateLimiter: ChannelRateLimiter;
  readonly readContext: ReadCardContext;
}

/** Updates the card of a change, or posts it: once, however many replicas try to, even when one crashes in between. */
export async function upsertCard(change: Change, dependencies: CardDependencies): Promise<CardLocation> {
  const place = await dependencies.locations.find(change.id);
  if (place !== undefined && (await update(change, place, dependencies))) return place;
  const posted = await post(change, dependencies, place);
  if (posted !== undefined) return posted;
  await sleep(POSTED_ELSEWHERE_FOR_MS);
  const kept = await dependencies.locations.find(change.id);
  if (kept === undefined || kept.ts === place?.ts || !(await update(change, kept, dependencies)))
    throw new Error(`the card of ${change.id} is being posted elsewhere`);
  return kept;
}

const POSTED_ELSEWHERE_FOR_MS = 300;

/** False when the card is deleted, or belongs to another bot user. */
async function update(
  change: Change,
  { channel, ts }: CardLocation,
  dependencies: CardDependencies,
): Promise<boolean> {
  const { client } = dependencies;
  const { text, blocks } = cardMessage(change, await dependencies.readContext(change));
  const message = { channel, ts, text, blocks: [...blocks], metadata: metadataOf(change) };
  try {
    await retryRateLimited(() => client.chat.update(message), { tries: Number.POSITIVE_INFINITY });
    return true;
  } catch (error) {
    if (isLostMessage(error)) return false;
    throw error;
  }
}

// A replica that posts a card has this long to store its location before another one may search for it: longer than a call takes.
const CLAIM_TIMEOUT_MS = 15_000;
const CALL_TIMEOUT_MS = 11_000;
const YOUNG_FOR_MS = 10_000;

/** Undefined while another replica posts it. `lost`: a card that cannot be updated any more. */
function post(
  change: Change,
  dependencies: CardDependencies,
  lost: CardLocation | undefined,
): Promise<CardLocation | undefined> {
  const { client, locations, seen, rateLimiter } = dependencies;
  let claimedAtMs: number | undefined;
  // Claimed only once the channel is free: a claim would expire in a long queue, or during a 429.
  return rateLimiter.run(change.channel, 'card', async () => {
    const kept = await locations.find(change.id);
    if (kept !== undefined && kept.ts !== lost?.ts) {
      await update(change, kept, dependencies);
      return kept;
    }
    const heldForMs = claimedAtMs === undefined ? undefined : Date.now() - claimedAtMs;
    if (heldForMs === undefined || heldForMs > CLAIM_TIMEOUT_MS - CALL_TIMEOUT_MS) {
      // The rest of our own claim is too short for another call.
      if (heldForMs !== undefined) await sleep(Math.max(0, CLAIM_TIMEOUT_MS - heldForMs));
      if (!(await seen.first(`card ${change.id}`, CLAIM_TIMEOUT_MS))) return undefined;
      claimedAtMs = Date.now();
    }
    const young =
      lost === undefined && change.version === 1 && Date.now() - change.createdAtMs < YOUNG_FOR_MS;
    const found = young ? undefined : await findCard(client, change, lost).catch(orNoneWhereUnreadable);
    const place = found ?? (await postOnce(change, dependencies, lost));
    await locations.keep(change.id, place);
    if (found !== undefined) await update(change, found, dependencies);
    return place;
  });
}

const SETTLE_FOR_MS = 500;
// After a later failure, the rest of the claim is too short for another call.
const QUICK_FOR_MS = 2_000;

/** A call without an answer may have posted the card: search for it before posting it again. */
async function postOnce(
  change: Change,
  dependencies: CardDependencies,
  lost: CardLocation | undefined,
): Promise<CardLocation> {
  const { channel } = change;
  const { client } = dependencies;
  const { text, blocks } = cardMessage(change, await dependencies.readContext(change));
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
    const quick = Date.now() - startedAtMs < QUICK_FOR_MS;
    if (!(error instanceof WebAPIRequestError || error instanceof WebAPIHTTPError)) throw error;
    await sleep(SETTLE_FOR_MS);
    const found = await findCard(client, change, lost);
    if (found !== undefined) return found;
    if (!quick) throw error;
    return send();
  }
}

const EVENT = 'bgp_change';

/** Invisible metadata by which a card can be found again. */
function metadataOf({ id }: Change): MessageMetadata {
  return { event_type: EVENT, event_payload: { change: id } };
}

/** Slack's clock may differ from ours; Slack's signatures allow for five minutes. */
const MAX_SKEW_MS = 10 * 60_000;

/** Searches the channel of the request for a card that was posted without its location being stored; never returns `lost`. */
async function findCard(
  client: WebClient,
  change: Change,
  lost: CardLocation | undefined,
): Promise<CardLocation | undefined> {
  const { channel, createdAtMs } = change;
  const oldest = String((createdAtMs - MAX_SKEW_MS) / 1000);
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

/** Where the history can never be read, a card that may stand there twice is better than none. */
function orNoneWhereUnreadable(error: unknown): undefined {
  if (!NO_HISTORY.includes(slackErrorCode(error) ?? '')) throw error;
}

const NO_HISTORY: readonly string[] = ['missing_scope', 'unknown_method'];

function isOf({ id }: Change, payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'change' in payload && payload.change === id;
}
