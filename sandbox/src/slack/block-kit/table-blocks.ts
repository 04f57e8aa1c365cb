import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { richText } from './rich-text.ts';
import { characters, identifier } from './text.ts';
import { blockTextLength } from './text-length.ts';

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string() }),
  richText,
]);
const row = z.array(cell).min(1).max(LIMITS.tableColumns);

export const table = z.strictObject({
  type: z.literal('table'),
  block_id: identifier,
  rows: z.array(row).min(1).max(LIMITS.tableRows),
  column_settings: z
    .array(
      z.strictObject({
        align: z.enum(['left', 'center', 'right']).optional(),
        is_wrapped: z.boolean().optional(),
      }),
    )
    .max(LIMITS.tableColumns)
    .optional(),
});

export const dataTable = z.strictObject({
  type: z.literal('data_table'),
  block_id: identifier,
  rows: z
    .array(row)
    .min(2)
    .max(LIMITS.dataTableRows)
    .refine(
      (rows) => blockTextLength(rows) <= LIMITS.dataTableText,
      `must be less than ${LIMITS.dataTableText + 1} characters`,
    ),
  caption: characters(LIMITS.text, 1),
  page_size: z.int().min(1).optional(),
  row_header_column_index: z.int().min(0).optional(),
});
