import type { Button, KnownBlock } from '@slack/types';
import { clip, escapeInvisible } from './escape.ts';

/** The action id of a button that runs a command as if the person had typed it. */
export const RUN = 'run';

// https://docs.slack.dev/reference/block-kit/block-elements/button-element
const LABEL = 75;
const VALUE = 2_000;

/** A row with one such button; none where the command is too long for it. */
export function runButton(label: string, text: string, style?: 'primary'): readonly KnownBlock[] {
  const value = JSON.stringify({ text });
  if (value.length > VALUE) return [];
  const button: Button = {
    type: 'button',
    action_id: RUN,
    text: { type: 'plain_text', text: clip(escapeInvisible(label), LABEL), emoji: false },
    value,
    ...(style === undefined ? {} : { style }),
  };
  return [{ type: 'actions', block_id: RUN, elements: [button] }];
}
