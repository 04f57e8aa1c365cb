import { createHash, randomUUID } from 'node:crypto';
import type { Answer } from '../../../domain/answer.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import type { Deduplicator } from '../../../ports/store.ts';
import type { Reply } from '../../../workflow/requests.ts';
import { type AnswerReply, answerReply, MAX_LINKED } from '../blocks/answer-blocks.ts';
import type { CardLinks } from '../blocks/card/context.ts';
import { confirmMessage } from '../blocks/confirm-blocks.ts';
import { menuMessage } from '../blocks/menu-blocks.ts';
import { refusalMessage } from '../blocks/notice-blocks.ts';
import type { LinksTo } from '../publishing/card-context.ts';
import type { Recipient, SendReply } from '../publishing/send-reply.ts';

export interface Answering {
  readonly seen: Deduplicator;
  readonly sendReply: SendReply;
  readonly linksTo: LinksTo;
  onFailure(id: string, what: string, error: unknown): void;
  /** The answer to an outage of the store; undefined for any other error. */
  describeOutage(error: unknown): Refusal | undefined;
}

/** Handles the request of this key once, and replies to the person, also where it fails. */
export type AnswerOnce = (
  key: string,
  to: Recipient,
  what: string,
  act: () => Promise<Reply>,
  options?: OnceOptions,
) => Promise<void>;

// Longer than Slack could deliver the same request again, and than a signature is valid.
const REMEMBERED_MS = 15 * 60_000;

export function openAnswerOnce({
  seen,
  sendReply,
  linksTo,
  onFailure,
  describeOutage,
}: Answering): AnswerOnce {
  // An answer without links is better than none.
  const waysTo = (changes: readonly string[]): Promise<CardLinks> =>
    linksTo(changes).catch((error: unknown) => {
      onFailure('', 'the ways to cards', error);
      return new Map();
    });
  return async (key, to, what, act, { actWithoutWriting = () => Promise.resolve(undefined), typed } = {}) => {
    try {
      const first = await seen.first(key, REMEMBERED_MS).catch((error: unknown) => {
        // Duplicates cannot be detected: only requests that are harmless when done twice are handled.
        const outage = describeOutage(error);
        if (outage === undefined) throw error;
        onFailure('', what, error);
        return outage;
      });
      if (first === false) return;
      const reply = first === true ? await act() : ((await actWithoutWriting()) ?? first);
      const isPublic = reply.kind === 'answer' && reply.isPublic === true;
      const links = reply.kind === 'answer' ? await waysTo(changesIn(reply.answer)) : new Map();
      const { messages, files } = messagesFor(reply, isPublic ? to.user : undefined, typed, links);
      if (messages.length > 0) await sendReply({ ...to, isPublic }, messages, files);
    } catch (error) {
      const id = randomUUID().slice(0, 8);
      onFailure(id, what, error);
      await sendReply(to, [refusalMessage(describeOutage(error) ?? failed(id))]).catch((again: unknown) =>
        onFailure(id, 'telling so', again),
      );
    }
  };
}

interface OnceOptions {
  /** What can be done while nothing can be written. */
  readonly actWithoutWriting?: () => Promise<Reply | undefined>;
  /** The typed command that is answered. */
  readonly typed?: string | undefined;
}

/**
 * The same for what Slack delivers twice, and only for that. `ids` identify the request; where Slack sent none of them, it is
 * identified by its delivery, so that nobody's second request is taken for their first.
 */
export function requestKey(
  ids: readonly (string | undefined)[],
  { delivery }: Readonly<Record<string, unknown>>,
  ...parts: readonly unknown[]
): string {
  const identified = ids.some((id) => id !== undefined && id !== null && id !== '');
  const key = [...ids, ...parts, ...(identified ? [] : [delivery ?? randomUUID()])];
  return createHash('sha256').update(JSON.stringify(key)).digest('hex');
}

function changesIn({ parts }: Answer): readonly string[] {
  return parts.flatMap((part) => (part.kind === 'changes' ? part.changes.slice(0, MAX_LINKED) : []));
}

function messagesFor(
  reply: Reply,
  asker: string | undefined,
  typed: string | undefined,
  links: CardLinks,
): AnswerReply {
  if (isRefusal(reply)) return { messages: [refusalMessage(reply, typed)], files: [] };
  if (reply.kind === 'menu') return { messages: [menuMessage(reply.menu)], files: [] };
  if (reply.kind === 'answer') return answerReply(reply.answer, asker, reply.proposes, links);
  if (reply.kind !== 'confirm') return { messages: [], files: [] };
  return { messages: [confirmMessage(reply)], files: [] };
}

function failed(id: string) {
  return refuse(
    'internal_error',
    `Something went wrong in the bot (${id}). Nothing was decided unless the card says so.`,
    `Try again; if this persists, give ${id} to the operator of the bot.`,
  );
}
