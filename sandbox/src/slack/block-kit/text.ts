import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** A string of min to max characters, counted as code points, not as UTF-16 units. */
export function characters(max: number, min = 0) {
  return z.string().check((context) => {
    const length = codePoints(context.value);
    const issue = { origin: 'string', inclusive: true, input: context.value } as const;
    if (length > max) context.issues.push({ ...issue, code: 'too_big', maximum: max });
    if (length < min) context.issues.push({ ...issue, code: 'too_small', minimum: min });
  });
}

export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function plainText(max: number = LIMITS.text) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: characters(max, 1),
    emoji: z.boolean().optional(),
  });
}

export function mrkdwn(max: number = LIMITS.text) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: characters(max, 1),
    verbatim: z.boolean().optional(),
  });
}

export function anyText(max: number = LIMITS.text) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

export const identifier = characters(LIMITS.id, 1).optional();

export const url = characters(LIMITS.url, 1).refine((value) => URL.canParse(value), 'must be a valid URL');
