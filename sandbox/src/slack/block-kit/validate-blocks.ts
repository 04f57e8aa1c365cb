import { z } from 'zod';
import { actions, context, divider, header, image, section, video } from './basic-blocks.ts';
import {
  alert,
  card,
  carousel,
  container,
  contextActions,
  markdown,
  plan,
  taskCard,
} from './composed-blocks.ts';
import { type Fault, faultsOf } from './fault.ts';
import { input } from './input-block.ts';
import { LIMITS } from './limits.ts';
import { richText } from './rich-text.ts';
import { dataTable, table } from './table-blocks.ts';
import { blockTextLength } from './text-length.ts';
import { duplicateIds } from './unique-ids.ts';

/** Where blocks are shown; each surface takes its own set. */
export type Surface = 'message' | 'modal' | 'home';

/** Which blocks a workspace knows: all, or those alone that Slack has had for years. */
export type KnownBlocks = 'all' | 'old';

/**
 * Everything that Slack would refuse about blocks on that surface; empty when nothing. Not counted here: the
 * text of a whole message (`blockTextLength`), which only some methods limit.
 */
export function validateBlocks(blocks: unknown, where: Surface, known: KnownBlocks = 'all'): Fault[] {
  const faults = faultsOf(SCHEMAS[known][where], blocks);
  return Array.isArray(blocks) ? [...faults, ...duplicateIds(blocks), ...markdownTotal(blocks)] : faults;
}

const old = [actions, context, divider, header, image, richText, section] as const;
const everywhere = [...old, video] as const;
const messageOnly = [
  card,
  carousel,
  container,
  contextActions,
  dataTable,
  markdown,
  plan,
  table,
  taskCard,
] as const;

const oldWithInput = z.discriminatedUnion('type', [...old, input]);

const SCHEMAS = {
  all: {
    message: z
      .array(z.discriminatedUnion('type', [...everywhere, ...messageOnly]))
      .max(LIMITS.blocks.message),
    modal: z
      .array(z.discriminatedUnion('type', [...everywhere, input, alert]))
      .min(1)
      .max(LIMITS.blocks.modal),
    home: z.array(z.discriminatedUnion('type', [...everywhere, input])).max(LIMITS.blocks.home),
  },
  old: {
    message: z.array(z.discriminatedUnion('type', old)).max(LIMITS.blocks.message),
    modal: z.array(oldWithInput).min(1).max(LIMITS.blocks.modal),
    home: z.array(oldWithInput).max(LIMITS.blocks.home),
  },
} as const;

/** Any block that a surface takes, as the app sent it. */
export type Block = z.infer<typeof SCHEMAS.all.message | typeof SCHEMAS.all.modal>[number];

function markdownTotal(blocks: readonly unknown[]): Fault[] {
  const written = blocks.filter(
    (block) => z.object({ type: z.literal('markdown') }).safeParse(block).success,
  );
  if (written.length < 2 || blockTextLength(written) <= LIMITS.markdown) return [];
  const message = `markdown blocks must be less than ${LIMITS.markdown + 1} characters together`;
  return [{ pointer: '', code: 'failed_constraint', message, constraint: 'max', field: 'text' }];
}
