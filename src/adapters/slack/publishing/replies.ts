import { isRefusal } from '../../../domain/refusal.ts';
import type { Replies } from '../../../ports/replies.ts';
import { answerMessages } from '../blocks/answer-blocks.ts';
import { refusalMessage } from '../blocks/refusal-blocks.ts';
import type { SendReply } from './send-reply.ts';

/** Brings a worker's answer to whoever asked. */
export function slackReplies(sendReply: SendReply): Replies {
  return {
    async reply({ channel, person, responseUrl }, answer) {
      const messages = isRefusal(answer) ? [refusalMessage(answer)] : answerMessages(answer);
      await sendReply({ channel, user: person.userId, responseUrl }, messages);
    },
  };
}
