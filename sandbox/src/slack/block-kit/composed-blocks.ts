import { z } from 'zod';
import { actions, context, divider, header, image, section, video } from './basic-blocks.ts';
import { button, feedbackButtons, iconButton } from './button-elements.ts';
import { imageElement } from './composition.ts';
import { LIMITS } from './limits.ts';
import { richText } from './rich-text.ts';
import { table } from './table-blocks.ts';
import { anyText, characters, identifier, mrkdwn, plainText, url } from './text.ts';

const base = { block_id: identifier };

export const alert = z.strictObject({
  type: z.literal('alert'),
  ...base,
  text: anyText(LIMITS.alert),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

export const card = z.strictObject({
  type: z.literal('card'),
  ...base,
  hero_image: imageElement.optional(),
  icon: imageElement.optional(),
  title: mrkdwn(LIMITS.cardTitle).optional(),
  subtitle: mrkdwn(LIMITS.cardTitle).optional(),
  body: mrkdwn(LIMITS.cardBody).optional(),
  actions: z.array(button).min(1).max(LIMITS.cardActions).optional(),
});

export const carousel = z.strictObject({
  type: z.literal('carousel'),
  ...base,
  elements: z.array(card).min(1).max(LIMITS.carouselCards),
});

export const container = z.strictObject({
  type: z.literal('container'),
  ...base,
  title: plainText(LIMITS.header).optional(),
  rich_text_title: richText.optional(),
  subtitle: anyText(LIMITS.header).optional(),
  child_blocks: z
    .array(
      z.discriminatedUnion('type', [
        actions,
        context,
        divider,
        header,
        image,
        richText,
        section,
        table,
        video,
      ]),
    )
    .min(1)
    .max(LIMITS.containerBlocks),
  width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
  icon: imageElement.optional(),
  is_collapsible: z.boolean().optional(),
  default_collapsed: z.boolean().optional(),
  has_header_divider: z.boolean().optional(),
});

export const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  ...base,
  elements: z
    .array(z.discriminatedUnion('type', [feedbackButtons, iconButton]))
    .min(1)
    .max(LIMITS.contextActionsElements),
});

export const markdown = z.strictObject({
  type: z.literal('markdown'),
  ...base,
  text: characters(LIMITS.markdown, 1),
});

export const taskCard = z.strictObject({
  type: z.literal('task_card'),
  ...base,
  task_id: z.string().min(1),
  title: characters(LIMITS.text, 1),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url, text: z.string() })).optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});

export const plan = z.strictObject({
  type: z.literal('plan'),
  ...base,
  title: characters(LIMITS.text, 1),
  tasks: z.array(taskCard).max(LIMITS.planTasks).optional(),
});
