import { type KnownBlock, WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { AuditRecord, EventName } from '../../../domain/audit/record.ts';
import type { Change } from '../../../domain/change/change.ts';
import type { CardLocations } from '../../../ports/chat.ts';
import type { Store } from '../../../ports/store.ts';
import { breakGlassAlert, endMessage, freezeMessage } from '../blocks/notice-blocks.ts';
import { isClosedChannel } from '../slack-errors.ts';
import { mayPassLater } from '../token-watch.ts';
import { permalink } from './card-context.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';
import { postDirectly } from './direct-message.ts';

interface AlertDependencies {
  readonly client: WebClient;
  /** Where commands are accepted; the audit channel has its notices. */
  readonly channels: readonly string[];
  readonly rateLimiter: ChannelRateLimiter;
  readonly store: Pick<Store, 'change'>;
  readonly locations: CardLocations;
  workspaceUrl(): string;
  onError(error: unknown): void;
}

/**
 * Sends a record to people whom its card does not reach: a use of break-glass and a freeze to every channel, and the end of a
 * change to its requester by direct message. Resolves once all messages are sent.
 */
export function openAlerts(alerts: AlertDependencies): (record: AuditRecord) => Promise<void> {
  const { channels, store } = alerts;
  return async (record) => {
    if (record.event === 'freeze.declared' || record.event === 'freeze.lifted')
      return postEverywhere(freezeMessage(record), channels, alerts);
    const isAlarm = record.event === 'change.break_glass';
    if (record.change === null || !(isAlarm || ENDS.includes(record.event))) return;
    const change = await store.change(record.change);
    if (change === undefined) return;
    if (!isAlarm) return tellRequester(record, change, alerts);
    await postEverywhere(breakGlassAlert(change), [change.channel, ...channels], alerts);
  };
}

const ENDS: readonly string[] = [
  'change.succeeded',
  'change.failed',
  'change.rejected',
  'change.withdrawn',
  'change.expired',
  'change.stale',
  'change.closed',
  'change.rolled_back',
] satisfies readonly EventName[];

/** The person who ended it knows already. An account that accepts no message must not be retried forever. */
async function tellRequester(
  { actor }: AuditRecord,
  change: Change,
  { client, rateLimiter, locations, workspaceUrl, onError }: AlertDependencies,
): Promise<void> {
  const { userId } = change.requester;
  if (actor !== 'bot' && actor.user === userId) return;
  const place = await locations.find(change.id);
  const url = place === undefined ? undefined : permalink(workspaceUrl(), place);
  const { text, blocks } = endMessage(change, url);
  await rateLimiter
    .run(userId, 'notice', () => postDirectly(client, userId, { text, blocks }))
    .catch((error: unknown) => {
      if (!(error instanceof WebAPIPlatformError) || mayPassLater(error)) throw error;
      onError(error);
    });
}

/** Posts the same message to every channel; a closed channel does not block the others. */
export async function postEverywhere(
  { text, blocks }: { readonly text: string; readonly blocks?: readonly KnownBlock[] },
  channels: readonly string[],
  { client, rateLimiter, onError }: Pick<AlertDependencies, 'client' | 'rateLimiter' | 'onError'>,
): Promise<void> {
  await Promise.all(
    [...new Set(channels)].map((channel) =>
      rateLimiter
        .run(channel, 'card', () =>
          client.chat.postMessage({
            channel,
            text,
            ...(blocks === undefined ? {} : { blocks: [...blocks] }),
          }),
        )
        .catch((error: unknown) => {
          if (!isClosedChannel(error)) throw error;
          onError(error);
        }),
    ),
  );
}
