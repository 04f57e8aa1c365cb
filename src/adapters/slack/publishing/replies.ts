import { isRefusal } from '../../../domain/refusal.ts';
import type { Replies } from '../../../ports/replies.ts';
import { answerMessages } from '../blocks/answer-blocks.ts';
import { refusalMessage } from '../blocks/refusal-blocks.ts';
import type { SendReply } from './send-reply.ts';

/** Brings a worker's answer to whoever asked, or to the channel if they asked so. A refusal is theirs alone. */
export function slackReplies(sendReply: SendReply): Replies {
  return {
    async reply({ channel, person: { userId: user }, responseUrl, parsed }, answer) {
      const to = { channel, user, responseUrl };
      if (isRefusal(answer)) await sendReply(to, [refusalMessage(answer)]);
      else if (parsed.flags.public !== true) await sendReply(to, answerMessages(answer));
      else await sendReply({ ...to, isPublic: true }, answerMessages(answer, user));
    },
  };
}
