import type { WebClient } from '@slack/web-api';
import type { AuditRecord } from '../../domain/record.ts';
import type { Store } from '../../ports/store.ts';
import { alarmMessage } from './blocks/alarm-blocks.ts';
import type { ChannelPace } from './channel-pace.ts';
import { isClosedChannel } from './closed-channel.ts';

interface Alarming {
  readonly client: WebClient;
  /** Where commands are taken; the audit channel has its notices. */
  readonly channels: readonly string[];
  readonly pace: ChannelPace;
  readonly store: Pick<Store, 'change'>;
  onTrouble(error: unknown): void;
}

/** Tells every channel that somebody broke the glass; resolves once all have it. */
export function openAlarms({
  client,
  channels,
  pace,
  store,
  onTrouble,
}: Alarming): (record: AuditRecord) => Promise<void> {
  return async (record) => {
    if (record.event !== 'change.glass_broken' || record.change === null) return;
    const change = await store.change(record.change);
    if (change === undefined) return;
    const { text, blocks } = alarmMessage(change);
    const told = new Set([change.channel, ...channels]);
    await Promise.all(
      [...told].map((channel) =>
        pace
          .run(channel, 'card', () => client.chat.postMessage({ channel, text, blocks: [...blocks] }))
          .catch((error: unknown) => {
            // One channel that is closed must not keep the others from being told.
            if (!isClosedChannel(error)) throw error;
            onTrouble(error);
          }),
      ),
    );
  };
}
