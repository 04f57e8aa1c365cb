import type { WebClient } from '@slack/web-api';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { Store } from '../../../ports/store.ts';
import { breakGlassAlert } from '../blocks/break-glass-alert.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';
import { isClosedChannel } from './closed-channel.ts';

interface Alarming {
  readonly client: WebClient;
  /** Where commands are taken; the audit channel has its notices. */
  readonly channels: readonly string[];
  readonly rateLimiter: ChannelRateLimiter;
  readonly store: Pick<Store, 'change'>;
  onError(error: unknown): void;
}

/** Tells every channel that somebody broke the glass; resolves once all have it. */
export function openBreakGlassAlerts({
  client,
  channels,
  rateLimiter,
  store,
  onError,
}: Alarming): (record: AuditRecord) => Promise<void> {
  return async (record) => {
    if (record.event !== 'change.break_glass' || record.change === null) return;
    const change = await store.change(record.change);
    if (change === undefined) return;
    const { text, blocks } = breakGlassAlert(change);
    const told = new Set([change.channel, ...channels]);
    await Promise.all(
      [...told].map((channel) =>
        rateLimiter
          .run(channel, 'card', () => client.chat.postMessage({ channel, text, blocks: [...blocks] }))
          .catch((error: unknown) => {
            // One channel that is closed must not keep the others from being told.
            if (!isClosedChannel(error)) throw error;
            onError(error);
          }),
      ),
    );
  };
}
