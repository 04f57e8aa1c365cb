import type { KnownBlock, WebClient } from '@slack/web-api';
import type { Anchor } from '../../../domain/audit/anchor.ts';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { Store } from '../../../ports/store.ts';
import { breakGlassAlert, noticeLine } from '../blocks/notice-blocks.ts';
import { isClosedChannel } from '../slack-errors.ts';
import { batcher, type Patience } from './batcher.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';

export interface Notices {
  /** Resolves once the audit channel has it. To be called in the order of the records. */
  post(record: AuditRecord): Promise<void>;
  /** The same for what stands in the place of a record and cannot be read. */
  postUnreadable(seq: number, why: string): Promise<void>;
}

interface NoticeOptions extends Patience {
  /** The newest record of the trail. */
  newest?(): Promise<Anchor | undefined>;
}

interface Line {
  readonly seq: number;
  /** None where the record cannot be read. */
  readonly hash?: string;
  readonly line: string;
}

/** So many records wait in this process at most: when more are to be told, their anchors may be minutes away. */
const FAR_BEHIND = 200;
const NEWEST_ANCHORED_EVERY_MS = 30_000;

/**
 * Posts a line for each record but signatures to the audit channel, in the order of the records; each message ends with
 * `#seq hash` of its newest record, the anchor. After an outage of Slack the newest record of the trail is anchored first.
 */
export function openNotices(
  client: WebClient,
  channel: string,
  rateLimiter: ChannelRateLimiter,
  { newest, ...patience }: NoticeOptions = {},
): Notices {
  let newestAnchoredAtMs = Number.NEGATIVE_INFINITY;
  const send = (lines: readonly string[]): Promise<unknown> =>
    client.chat.postMessage({ channel, text: lines.join('\n'), unfurl_links: false, unfurl_media: false });
  const anchorNewest = async (told: number): Promise<void> => {
    if (performance.now() < newestAnchoredAtMs + NEWEST_ANCHORED_EVERY_MS) return;
    const anchor = await newest?.();
    if (anchor === undefined || anchor.seq - told < FAR_BEHIND) return;
    const behind = `⏩ ${anchor.seq - told} more records are told below; the newest is`;
    await rateLimiter.run(channel, 'notice', () => send([behind, anchorLine(anchor)]));
    newestAnchoredAtMs = performance.now();
  };
  const lines = batcher<Line>({
    ...patience,
    rateLimiter,
    channel,
    urgency: 'notice',
    length: ({ line }) => line.length,
    order: ({ seq }) => seq,
    async post(items) {
      const anchor = items.findLast((item): item is Line & Anchor => item.hash !== undefined);
      await send([...items.map(({ line }) => line), ...(anchor === undefined ? [] : [anchorLine(anchor)])]);
    },
    posted: (items) =>
      // What it stands for follows; what was posted must not be posted again.
      anchorNewest(items.at(-1)?.seq ?? 0).catch((error: unknown) => patience.onError?.(error)),
  });
  return {
    async post(record) {
      // Each would follow the notice of the record that it signs, and says nothing to a person.
      if (record.event === 'audit.signed') return;
      const { seq, hash } = record;
      await lines.add({ seq, hash, line: noticeLine(record) });
    },
    postUnreadable: (seq, why) =>
      lines.add({ seq, line: `⚠️ Record #${seq} cannot be read by this release and is passed over: ${why}` }),
  };
}

function anchorLine({ seq, hash }: Anchor): string {
  return `#${seq} ${hash}`;
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
