import type { KnownBlock, ModalView } from '@slack/types';
import { clip, escapeInvisible } from './escape.ts';

// A view's title and buttons take 24 characters; https://docs.slack.dev/reference/views/modal-views
const MAX_TITLE_CHARS = 24;

/** A modal that can only be closed; a form adds its button. */
export function modal(title: string, blocks: readonly KnownBlock[]): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: clip(escapeInvisible(title), MAX_TITLE_CHARS) },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [...blocks],
  };
}
