import type { Anchor } from '../../../domain/audit/anchor.ts';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { Clock } from '../../../ports/clock.ts';
import { anchoredLine, noticeLine, unreadableLine } from '../blocks/notice-blocks.ts';
import { isLostMessage } from '../slack-errors.ts';
import { batcher, type RetryOptions } from './batcher.ts';
import { type ChannelRateLimiter, postingClock } from './channel-rate-limiter.ts';

export interface Notices {
  /** Resolves once the audit channel has it, in its own line or in an anchor after it. Call it in the order of the records. */
  post(record: AuditRecord): Promise<void>;
  /** The same for an entry that is not a readable record. */
  postUnreadable(seq: number, why: string): Promise<void>;
}

/** The parts of the Slack client that are used. */
export interface NoticeClient {
  readonly chat: {
    postMessage(message: {
      readonly channel: string;
      readonly text: string;
      readonly unfurl_links: boolean;
      readonly unfurl_media: boolean;
    }): Promise<{ readonly ts?: string }>;
    update(message: {
      readonly channel: string;
      readonly ts: string;
      readonly text: string;
    }): Promise<unknown>;
  };
}

interface NoticeOptions extends RetryOptions {
  /** The newest record of the trail. */
  newest?(): Promise<Anchor | undefined>;
  /** Maximum age of a record without its own line before a line about the newest one anchors it. */
  readonly headAfterMs?: number;
}

interface Line {
  readonly seq: number;
  /** Absent where the record cannot be read. */
  readonly hash?: string;
  /** Absent for the newest record alone. */
  readonly line?: string;
}

/** Maximum number of records waiting in this process: with more to publish, their anchors may be minutes away. */
const FAR_BEHIND = 200;
const NEWEST_ANCHORED_EVERY_MS = 30_000;
/** A record is anchored within 60 s, and the channel may be busy for a part of them. */
const HEAD_AFTER_MS = 30_000;
/** Fewer than this process handles at a time: otherwise it would receive no more. */
const MAX_UNTOLD = 100;

/**
 * Posts a line to the audit channel for what was decided, done, halted or ended, in the order of the records; each line ends with
 * the anchor of its record. Other records are anchored by the next line, or soon by a line about the newest record, which is
 * edited as long as no other line follows. After an outage of Slack the newest record of the trail is anchored first.
 */
export function openNotices(
  client: NoticeClient,
  channel: string,
  rateLimiter: ChannelRateLimiter,
  { newest, headAfterMs = HEAD_AFTER_MS, clock = postingClock, ...options }: NoticeOptions = {},
): Notices {
  const patience = { ...options, clock };
  const untold = openUntold(headAfterMs, patience);
  let newestAnchoredAtMs = Number.NEGATIVE_INFINITY;
  /** The last message of the channel, while it is a line about the newest record. */
  let head: { readonly ts: string | undefined; readonly seq: number } | undefined;

  const send = async (text: string): Promise<string | undefined> => {
    const message = { channel, text, unfurl_links: false, unfurl_media: false };
    return (await client.chat.postMessage(message)).ts;
  };
  const sendHead = async ({ seq, hash }: Anchor): Promise<void> => {
    const text = headLine({ seq, hash });
    // A restored trail publishes older records again; the anchor of a newer one shows what it lost.
    const ts = head !== undefined && head.seq <= seq ? head.ts : undefined;
    const edited = ts !== undefined && (await edit(client, { channel, ts, text }));
    head = { ts: edited ? ts : await send(text), seq };
  };
  const anchorNewest = async (told: number): Promise<void> => {
    if (clock.monotonicMs() < newestAnchoredAtMs + NEWEST_ANCHORED_EVERY_MS) return;
    const anchor = await newest?.();
    if (anchor === undefined || anchor.seq - told < FAR_BEHIND) return;
    const behind = `⏩ ${anchor.seq - told} more records follow below; the newest is`;
    head = undefined;
    await rateLimiter.run(channel, 'notice', () => send(anchoredLine(behind, anchor)));
    newestAnchoredAtMs = clock.monotonicMs();
  };
  const lines = batcher<Line>({
    ...patience,
    rateLimiter,
    channel,
    urgency: 'notice',
    length: ({ line = '' }) => line.length,
    order: ({ seq }) => seq,
    async post(items) {
      const told = items.flatMap(({ line }) => line ?? []);
      const last = newestOf(items);
      // A line about the newest record is useful only if no newer anchor is posted with it.
      const alone = last !== undefined && last.line === undefined ? [last] : [];
      if (told.length === 0 && last !== undefined) return sendHead(last);
      head = undefined;
      await send([...told, ...alone.map(headLine)].join('\n'));
    },
    async posted(items) {
      untold.anchored(newestOf(items)?.seq ?? 0);
      // The other records follow; what was posted must not be posted again.
      await anchorNewest(items.at(-1)?.seq ?? 0).catch((error: unknown) => patience.onError?.(error));
    },
  });
  untold.onDue((anchor) => lines.add(anchor));
  return {
    async post(record) {
      // A signature would follow the notice of the record that it signs, and means nothing to people.
      if (record.event === 'audit.signed') return;
      const { seq, hash, at } = record;
      const line = noticeLine(record);
      await (line === undefined ? untold.add({ seq, hash }, Date.parse(at)) : lines.add({ seq, hash, line }));
    },
    postUnreadable: (seq, why) => lines.add({ seq, line: unreadableLine(seq, why) }),
  };
}

/** The last of these that has an anchor; unreadable records have none. */
function newestOf(items: readonly Line[]): (Anchor & Pick<Line, 'line'>) | undefined {
  return items.flatMap(({ hash, ...item }) => (hash === undefined ? [] : [{ ...item, hash }])).at(-1);
}

function headLine({ seq, hash }: Anchor): string {
  return anchoredLine('⏳ More records; the newest is', { seq, hash });
}

/** False where the message is deleted, so that another one has to be posted. */
async function edit(
  client: NoticeClient,
  message: { readonly channel: string; readonly ts: string; readonly text: string },
): Promise<boolean> {
  try {
    await client.chat.update(message);
    return true;
  } catch (error) {
    if (isLostMessage(error)) return false;
    throw error;
  }
}

/** Records without their own line that are not anchored yet. */
interface Untold {
  /** Resolves once an anchor of this record or of a later one was posted; rejects when the process stops before that. */
  add(anchor: Anchor, appendedAtMs: number): Promise<void>;
  /** Call when an anchor of this record was posted. */
  anchored(seq: number): void;
  /** Sets what to do when a record has waited long enough; receives the newest of them. */
  onDue(post: (newest: Anchor) => Promise<void>): void;
}

function openUntold(
  afterMs: number,
  { stopping, onError, clock }: RetryOptions & { readonly clock: Clock },
): Untold {
  let waiting: Waiting[] = [];
  let due: ((newest: Anchor) => Promise<void>) | undefined;
  let watching = false;
  const isDue = (): boolean =>
    waiting.length >= MAX_UNTOLD || waiting.some(({ sinceMs }) => clock.monotonicMs() - sinceMs >= afterMs);
  const watch = async (): Promise<void> => {
    watching = true;
    try {
      while (waiting.length > 0) {
        await clock.sleep(LOOK_EVERY_MS, stopping);
        stopping?.throwIfAborted();
        const newest = isDue() ? waiting.at(-1) : undefined;
        if (newest !== undefined) await due?.(newest.anchor);
      }
    } catch (error) {
      // Returned to the stream, for the process that consumes the records after this one.
      for (const one of waiting) one.reject(error);
      waiting = [];
      if (stopping?.aborted !== true) onError?.(error);
    } finally {
      watching = false;
    }
  };
  return {
    add: (anchor, appendedAtMs) =>
      new Promise((resolve, reject) => {
        // Another process may have held it before: its age counts, as far as the two clocks agree.
        const ageMs = Math.min(Math.max(0, clock.now() - appendedAtMs), afterMs);
        const after = waiting.findIndex((one) => one.anchor.seq > anchor.seq);
        const one = { anchor, sinceMs: clock.monotonicMs() - ageMs, resolve, reject };
        waiting.splice(after < 0 ? waiting.length : after, 0, one);
        if (!watching) void watch();
      }),
    anchored(seq) {
      for (const one of waiting) if (one.anchor.seq <= seq) one.resolve();
      waiting = waiting.filter(({ anchor }) => anchor.seq > seq);
    },
    onDue(post) {
      due = post;
    },
  };
}

interface Waiting {
  readonly anchor: Anchor;
  readonly sinceMs: number;
  resolve(): void;
  reject(error: unknown): void;
}

const LOOK_EVERY_MS = 250;
