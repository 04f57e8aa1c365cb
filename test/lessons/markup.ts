import { textsOf } from '../adapters/slack/blocks/as-slack-sees.ts';

interface Shown {
  readonly text: string;
  readonly blocks?: readonly unknown[];
}

/** What Slack formats in these messages: mrkdwn objects, and the text of messages without blocks; code is left out. */
export function formatted(messages: readonly Shown[]): string {
  return messages
    .map(markupOf)
    .join('\n')
    .replace(/`[^`\n]*`/g, '');
}

/** Everything in angle brackets that Slack would act on, in blocks and in notifications; but for dates, which we write. */
export function calls(messages: readonly Shown[]): readonly string[] {
  const all = messages.flatMap((message) => [message.text, markupOf(message)]).join('\n');
  return [...new Set(all.match(/<[^<>]*>?/g) ?? [])].filter((call) => !call.startsWith('<!date^')).sort();
}

/** The parts of rich text that are more than text in a box: links, mentions, emoji. */
export function richCalls(messages: readonly Shown[]): readonly string[] {
  const ours = ['rich_text', 'rich_text_preformatted', 'text'];
  return messages
    .flatMap(({ blocks = [] }) => blocks.flatMap(richTypes))
    .filter((type) => !ours.includes(type));
}

function markupOf({ text, blocks = [] }: Shown): string {
  if (blocks.length === 0) return text;
  const markup = textsOf(blocks).filter((one) => one.markup);
  return markup.map((one) => one.text).join('\n');
}

function richTypes(block: unknown): readonly string[] {
  const isRich = typeof block === 'object' && block !== null && 'type' in block && block.type === 'rich_text';
  return isRich
    ? [...JSON.stringify(block).matchAll(/"type":"([a-z_]+)"/g)].map(([, type = '']) => type)
    : [];
}
