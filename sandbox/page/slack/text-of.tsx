import type { Text } from './block-types.ts';
import { Drawn, Plain } from './emoji.tsx';
import { Mrkdwn } from './mrkdwn.tsx';

/** A text object of Block Kit. */
export function TextOf({ text }: { readonly text: Text }) {
  if (text.type === 'mrkdwn') return <Mrkdwn text={text.text} />;
  if (text.emoji === false) return <Drawn text={text.text} />;
  return <Plain text={text.text} />;
}
