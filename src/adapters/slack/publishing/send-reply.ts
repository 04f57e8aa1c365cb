import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Answer } from '../../../domain/answer.ts';
import { commandText } from '../../../domain/change/command-text.ts';
import { isRefusal } from '../../../domain/refusal.ts';
import type { Pictures, Replies } from '../../../ports/chat.ts';
import { answerReply } from '../blocks/answer-blocks.ts';
import type { AnswerFile } from '../blocks/answer-files.ts';
import { fallbackText } from '../blocks/escape.ts';
import { plain, type SlackMessage } from '../blocks/message.ts';
import { refusalMessage } from '../blocks/notice-blocks.ts';
import { fetchOf } from '../clients.ts';
import { mayPassLater } from '../token-watch.ts';
import type { ChannelRateLimiter } from './channel-rate-limiter.ts';
import { postDirectly } from './direct-message.ts';
import { uploadFiles } from './upload-files.ts';

/** A person in a channel, and how to send them a message there. */
export interface Recipient {
  readonly channel: string;
  readonly user: string;
  /** Works even where the bot is not in the channel, five times within half an hour. */
  readonly responseUrl?: string | undefined;
  /** Visible to everybody in the channel; by default to the person alone. */
  readonly isPublic?: boolean;
  /** The request came from the Home tab, which shows no messages: they are sent as direct messages. */
  readonly directly?: boolean | undefined;
}

/**
 * Sends messages that only one person sees, or the whole channel if the recipient is public; then files, to that person by direct
 * message, or to the channel.
 */
export type SendReply = (
  to: Recipient,
  messages: readonly SlackMessage[],
  files?: readonly AnswerFile[],
) => Promise<void>;

const TIMEOUT_MS = 5_000;

/** Tries response_url first, then the channel, then a direct message. `apiUrl` defines which hosts are Slack's. */
export function openSendReply(client: WebClient, apiUrl: string, rateLimiter: ChannelRateLimiter): SendReply {
  return async ({ channel, user, responseUrl, isPublic = false, directly = false }, messages, files = []) => {
    let usable = responseUrl !== undefined && isSlack(responseUrl, apiUrl);
    let direct = directly;
    const sendDirectly = async (message: SlackMessage): Promise<void> => {
      await rateLimiter.run(user, 'card', () => postDirectly(client, user, message));
    };
    const send = async (message: SlackMessage): Promise<void> => {
      usable = usable && responseUrl !== undefined && (await respond(client, responseUrl, message, isPublic));
      if (usable) return;
      if (direct) return sendDirectly(message);
      const { text } = message;
      const blocks = [...message.blocks];
      try {
        await rateLimiter.run(channel, 'card', async () =>
          isPublic
            ? client.chat.postMessage({ channel, text, blocks })
            : client.chat.postEphemeral({ channel, user, text, blocks }),
        );
      } catch (error) {
        // The bot is not in the channel, or the person is not: their direct messages are left.
        if (!(error instanceof WebAPIPlatformError) || mayPassLater(error)) throw error;
        direct = true;
        await sendDirectly(message);
      }
    };
    for (const message of messages) await send(message);
    const refused =
      files.length === 0 ? undefined : await uploadFiles(client, { channel, user, isPublic }, files);
    if (refused !== undefined) await send(notUploaded(refused, files));
  };
}

/** Sends the answer of a query, or its refusal, to the requester. */
export function slackReplies(sendReply: SendReply, pictures: Pictures): Replies {
  return {
    async reply({ channel, person: { userId: user }, responseUrl, directly, parsed }, answer) {
      const to = { channel, user, responseUrl, directly };
      if (isRefusal(answer)) return sendReply(to, [refusalMessage(answer, commandText(parsed))]);
      const isPublic = parsed.flags.public === true;
      const { messages, files } = answerReply(answer, isPublic ? user : undefined);
      const { drawn, notDrawn } = await draw(answer, pictures);
      return sendReply({ ...to, isPublic }, [...messages, ...notDrawn], [...drawn, ...files]);
    },
  };
}

/**
 * The pictures of an answer as files; one that could not be rendered is reported, with the command that answers the same as text.
 */
async function draw(
  { parts }: Answer,
  pictures: Pictures,
): Promise<{ readonly drawn: readonly AnswerFile[]; readonly notDrawn: readonly SlackMessage[] }> {
  const drawn: AnswerFile[] = [];
  const notDrawn: SlackMessage[] = [];
  for (const part of parts) {
    if (part.kind !== 'picture') continue;
    const { name, svg, alt: altText, asText: instead } = part;
    const picture = await pictures.png(svg);
    if (picture.ok) drawn.push({ name: `${name}.png`, content: picture.png, altText, instead });
    else notDrawn.push(warning(`The picture could not be drawn (${picture.why}). As text: ${instead}`));
  }
  return { drawn, notDrawn };
}

function notUploaded(why: string, files: readonly AnswerFile[]): SlackMessage {
  const instead = files.flatMap((file) => file.instead ?? []);
  const next =
    instead.length === 0 ? 'Narrow the query, for example to one node.' : `As text: ${instead.join(', ')}.`;
  const remedy =
    why === 'missing_scope'
      ? ' For the operator of the bot: the app needs the scope files:write; tor-bgp-bot manifest slack prints a manifest that has it.'
      : '';
  return warning(`The file could not be uploaded (Slack says ${why}). ${next}${remedy}`);
}

function warning(sentence: string): SlackMessage {
  return { text: fallbackText([sentence], MAX_TEXT), blocks: [plain(`⚠️ ${sentence}`)] };
}

const MAX_TEXT = 500;

/** An envelope must not redirect our answers to another host. */
function isSlack(responseUrl: string, apiUrl: string): boolean {
  if (!URL.canParse(responseUrl)) return false;
  const [api, url] = [new URL(apiUrl), new URL(responseUrl)];
  const [host, asked] = [hostOf(api), hostOf(url)];
  return url.protocol === api.protocol && (asked === host || asked === `hooks.${host}`);
}

/** This machine has several names. */
function hostOf({ host, hostname }: URL): string {
  return LOOPBACK.includes(hostname) ? host.replace(hostname, 'localhost') : host;
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

async function respond(
  client: WebClient,
  url: string,
  { text, blocks }: SlackMessage,
  isPublic: boolean,
): Promise<boolean> {
  try {
    const answer = await fetchOf(client)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        response_type: isPublic ? 'in_channel' : 'ephemeral',
        replace_original: false,
        text,
        blocks,
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    const told = await answer.text();
    return answer.ok && !/"ok"\s*:\s*false/.test(told);
  } catch {
    return false; // The Web API is the other way.
  }
}
