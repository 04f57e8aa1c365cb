import type { WebClient } from '@slack/web-api';
import { type Anchor, type AnchorSource, type FoundAnchor, readAnchor } from '../../domain/audit/anchor.ts';
import { type SlackAccess, slackClient } from './clients.ts';
import { retryRateLimited } from './slack-errors.ts';

const PAGE_SIZE = 200;
const PATIENCE = { tries: 30, keepsAlive: true };

/**
 * Reads the anchors from the audit channel, only from the bot's own messages: anybody may type `#12 abc…` there. Reads `pages` of
 * the newest messages, by default all.
 */
export async function readSlackAnchors(
  access: SlackAccess,
  channel: string,
  pages: number = Number.POSITIVE_INFINITY,
): Promise<AnchorSource> {
  const client = slackClient(access, () => undefined);
  const name = `Slack channel ${channel}`;
  const anchors: FoundAnchor[] = [];
  try {
    const { user_id: user, bot_id: bot } = await retryRateLimited(() => client.auth.test(), PATIENCE);
    for await (const message of history(client, channel, pages)) {
      const ours =
        (user !== undefined && message.user === user) || (bot !== undefined && message.bot_id === bot);
      const where = `${name}, message of ${timeOf(message.ts)}`;
      if (ours) anchors.push(...anchorsIn(message.text ?? '').map((anchor) => ({ anchor, where })));
    }
    return { name, anchors, findings: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it did not answer';
    return { name, anchors, findings: [], error: why };
  }
}

interface PostedMessage {
  readonly user?: string;
  readonly bot_id?: string;
  readonly text?: string;
  readonly ts?: string;
}

async function* history(client: WebClient, channel: string, pages: number): AsyncGenerator<PostedMessage> {
  let cursor: string | undefined;
  let read = 0;
  do {
    const from = cursor === undefined ? {} : { cursor };
    const ask = () => client.conversations.history({ channel, limit: PAGE_SIZE, ...from });
    const page = await retryRateLimited(ask, PATIENCE);
    yield* page.messages ?? [];
    read += 1;
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined && read < pages);
}

/**
 * Each line of a notice ends with ` · #seq` and the first 20 digits of the hash; earlier releases added a line `#seq hash` with
 * all 64 digits at the end.
 */
function anchorsIn(text: string): readonly Anchor[] {
  const lines = text.trimEnd().split('\n');
  const earlier = /^#(\d+) ([0-9a-f]{64})$/.exec(lines.at(-1) ?? '');
  return [...lines.map((line) => / · #(\d+) ([0-9a-f]{20})$/.exec(line)), earlier].flatMap((match) => {
    const anchor = match === null ? undefined : readAnchor(`${match[1]}:${match[2]}`);
    return anchor === undefined ? [] : [anchor];
  });
}

function timeOf(ts = '0'): string {
  return new Date(Number(ts) * 1_000).toISOString();
}
