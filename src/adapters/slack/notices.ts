import type { WebClient } from '@slack/web-api';
import type { AuditRecord } from '../../domain/record.ts';
import { noticeLine } from './blocks/notice-line.ts';
import type { ChannelPace } from './channel-pace.ts';

export interface Notices {
  /** Resolves once the audit channel has it. To be called in the order of the records. */
  tell(record: AuditRecord): Promise<void>;
}

interface Waiting {
  readonly record: AuditRecord;
  readonly line: string;
  resolve(): void;
  reject(error: unknown): void;
}

// Slack shows about 4,000 characters well; the anchor takes some of them.
const LONGEST = 3_000;

/** Tells the audit channel every record in a line; each message ends with `#seq hash` of its last record, the anchor. */
export function openNotices(client: WebClient, channel: string, pace: ChannelPace): Notices {
  const waiting: Waiting[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      let taken: readonly Waiting[] = [];
      try {
        // Taken only when the channel is free: what gathers meanwhile goes into the same message.
        await pace.run(channel, 'notice', () => {
          if (taken.length === 0) taken = takeMessageful(waiting);
          return post(client, channel, taken);
        });
        for (const one of taken) one.resolve();
      } catch (error) {
        for (const one of taken) one.reject(error);
      }
    }
    busy = false;
  }

  return {
    tell: (record) =>
      new Promise((resolve, reject) => {
        waiting.push({ record, line: noticeLine(record), resolve, reject });
        if (busy) return;
        busy = true;
        void drain();
      }),
  };
}

function takeMessageful(waiting: Waiting[]): readonly Waiting[] {
  let length = 0;
  const over = waiting.findIndex(({ line }, index) => {
    length += line.length + 1;
    return index > 0 && length > LONGEST;
  });
  return waiting.splice(0, over < 0 ? waiting.length : over);
}

async function post(client: WebClient, channel: string, taken: readonly Waiting[]): Promise<void> {
  const last = taken.at(-1)?.record;
  if (last === undefined) return;
  const text = [...taken.map(({ line }) => line), `#${last.seq} ${last.hash}`].join('\n');
  await client.chat.postMessage({ channel, text, unfurl_links: false, unfurl_media: false });
}
