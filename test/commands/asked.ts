import type { Answer, Part } from '../../src/domain/answer.ts';
import { isRefusal, type Refusal } from '../../src/domain/refusal.ts';
import type { World } from '../doubles/world.ts';

/** What Alice is told when she types this, as plain text: an answer, or `reason_code: sentence next`. */
export async function asked(world: World, text: string): Promise<string> {
  const before = world.replies.sent.length;
  const reply = await world.alice.submit(text);
  if (isRefusal(reply)) return words(reply);
  if (reply.kind === 'answer') return words(reply.answer);
  await world.work();
  const sent = world.replies.sent[before];
  if (sent === undefined) throw new Error(`${text}: nothing was answered`);
  return words(sent.answer);
}

function words(told: Answer | Refusal): string {
  if (isRefusal(told)) return `${told.reasonCode}: ${told.sentence} ${told.next}`;
  return [told.title, ...told.parts.map(wordsOf)].join('\n');
}

function wordsOf(part: Part): string {
  switch (part.kind) {
    case 'facts':
      return part.rows.map(([label, value]) => `${label}: ${value}`).join('\n');
    case 'table':
      return [part.columns, ...part.rows].map((row) => row.join(' | ')).join('\n');
    case 'note':
      return `${part.tone}: ${part.text}`;
    case 'changes':
      return `${part.label}: ${part.changes.join(', ')}`;
    case 'picture':
      return `picture: ${part.alt}`;
    default:
      return part.text;
  }
}
