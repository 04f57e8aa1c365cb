import type { KnownBlock, WebClient } from '@slack/web-api';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { Store } from '../../../ports/store.ts';
import { breakGlassAlert, noticeLine } from '../blocks/notice-blocks.ts';
import { isClosedChannel } from '../slack-errors.ts';
import { batcher } from './batcher.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';

export interface Notices {
  /** Resolves once the audit channel has it. To be called in the order of the records. */
  post(record: AuditRecord): Promise<void>;
}

/** Posts a line for each record but signatures to the audit channel; each message ends with `#seq hash` of its last record, the anchor. */
export function openNotices(client: WebClient, channel: string, rateLimiter: ChannelRateLimiter): Notices {
  const lines = batcher<{ readonly record: AuditRecord; readonly line: string }>({
    rateLimiter,
    channel,
    urgency: 'notice',
    length: ({ line }) => line.length,
    async post(items) {
      const { seq = 0, hash = '' } = items.at(-1)?.record ?? {};
      const text = [...items.map(({ line }) => line), `#${seq} ${hash}`].join('\n');
      await client.chat.postMessage({ channel, text, unfurl_links: false, unfurl_media: false });
    },
  });
  return {
    async post(record) {
      // Each would follow the notice of the record that it signs, and says nothing to a person.
      if (record.event !== 'audit.signed') await lines.add({ record, line: noticeLine(record) });
    },
  };
}

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
