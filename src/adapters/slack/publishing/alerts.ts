import type { KnownBlock, WebClient } from '@slack/web-api';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { Store } from '../../../ports/store.ts';
import { breakGlassAlert } from '../blocks/notice-blocks.ts';
import { isClosedChannel } from '../slack-errors.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';

interface AlertDependencies {
  readonly client: WebClient;
  /** Where commands are accepted; the audit channel has its notices. */
  readonly channels: readonly string[];
  readonly rateLimiter: ChannelRateLimiter;
  readonly store: Pick<Store, 'change'>;
  onError(error: unknown): void;
}

/** Posts an alert to every channel when somebody used break-glass; resolves once all have it. */
export function openBreakGlassAlerts({
  client,
  channels,
  rateLimiter,
  store,
  onError,
}: AlertDependencies): (record: AuditRecord) => Promise<void> {
  return async (record) => {
    if (record.event !== 'change.break_glass' || record.change === null) return;
    const change = await store.change(record.change);
    if (change === undefined) return;
    const { text, blocks } = breakGlassAlert(change);
    await postEverywhere({ text, blocks: [...blocks] }, [change.channel, ...channels], {
      client,
      rateLimiter,
      onError,
    });
  };
}

/** Posts the same message to every channel; a closed one does not keep it from the others. */
export async function postEverywhere(
  message: { readonly text: string; readonly blocks?: KnownBlock[] },
  channels: readonly string[],
  { client, rateLimiter, onError }: Pick<AlertDependencies, 'client' | 'rateLimiter' | 'onError'>,
): Promise<void> {
  await Promise.all(
    [...new Set(channels)].map((channel) =>
      rateLimiter
        .run(channel, 'card', () => client.chat.postMessage({ channel, ...message }))
        .catch((error: unknown) => {
          if (!isClosedChannel(error)) throw error;
          onError(error);
        }),
    ),
  );
}
