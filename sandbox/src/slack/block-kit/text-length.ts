import { isObject } from '../json.ts';
import { codePoints } from './text.ts';

/** Characters of every `text` in blocks together, which is what Slack counts for `msg_blocks_too_long`. */
export function blockTextLength(blocks: unknown): number {
  if (Array.isArray(blocks)) return blocks.reduce<number>((sum, item) => sum + blockTextLength(item), 0);
  if (!isObject(blocks)) return 0;
  return Object.entries(blocks).reduce(
    (sum, [key, value]) =>
      sum + (key === 'text' && typeof value === 'string' ? codePoints(value) : blockTextLength(value)),
    0,
  );
}
