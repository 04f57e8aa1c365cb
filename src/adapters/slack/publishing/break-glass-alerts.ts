import type { WebClient } from '@slack/web-api';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { Store } from '../../../ports/store.ts';
import { breakGlassAlert } from '../blocks/break-glass-alert.ts';
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
    const alerted = new Set([change.channel, ...channels]);
    await Promise.all(
      [...alerted].map((channel) =>
        rateLimiter
          .run(channel, 'card', () => client.chat.postMessage({ channel, text, blocks: [...blocks] }))
          .catch((error: unknown) => {
            // A closed channel must not keep the alert from the others.
            if (!isClosedChannel(error)) throw error;
            onError(error);
          }),
      ),
    );
  };
}
