import type { MessageMetadata } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Change } from '../../../domain/change/change.ts';
import type { CardLocation } from '../../../ports/card-locations.ts';

const EVENT = 'bgp_change';

/** What a card carries unseen, so that it can be found again. */
export function cardMark(change: string): MessageMetadata {
  return { event_type: EVENT, event_payload: { change } };
}

/** Looks for a card that was posted and whose place was not kept, in the channel from where it was asked; never `lost`. */
export async function findCard(
  client: WebClient,
  change: Change,
  lost?: CardLocation,
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
      const payload: unknown = metadata?.event_payload;
      if (metadata?.event_type !== EVENT || ts === undefined || ts === lost?.ts) continue;
      if (!names(payload, change.id)) continue;
      return { channel, ts };
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return undefined;
}

function names(payload: unknown, change: string): boolean {
  return typeof payload === 'object' && payload !== null && 'change' in payload && payload.change === change;
}
