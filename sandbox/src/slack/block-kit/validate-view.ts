import { z } from 'zod';
import { isObject, objectsIn } from '../json.ts';
import { type Fault, faultsOf } from './fault.ts';
import { LIMITS } from './limits.ts';
import { characters, plainText } from './text.ts';
import { type KnownBlocks, validateBlocks } from './validate-blocks.ts';

/** Everything that Slack would refuse about a modal or a Home tab; empty when nothing. */
export function validateView(view: unknown, known: KnownBlocks = 'all'): Fault[] {
  const faults = faultsOf(VIEW, view);
  if (!isObject(view)) return faults;
  const blocks = validateBlocks(view.blocks, view.type === 'home' ? 'home' : 'modal', known);
  return [
    ...faults,
    ...blocks.map((fault) => ({ ...fault, pointer: `/blocks${fault.pointer}` })),
    ...submitFaults(view.type, view.submit, view.blocks),
  ];
}

const shared = {
  blocks: z.array(z.unknown()),
  private_metadata: characters(LIMITS.privateMetadata).optional(),
  callback_id: characters(LIMITS.id).optional(),
  external_id: characters(LIMITS.id).optional(),
};

const VIEW = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    ...shared,
    title: plainText(LIMITS.viewTitle),
    submit: plainText(LIMITS.viewTitle).optional(),
    close: plainText(LIMITS.viewTitle).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('home'), ...shared }),
]);

function submitFaults(type: unknown, submit: unknown, blocks: unknown): Fault[] {
  const asks = objectsIn(blocks).some((block) => block.type === 'input');
  if (type !== 'modal' || submit !== undefined || !asks) return [];
  return [
    {
      pointer: '/submit',
      code: 'missing_field',
      message: 'must define `submit` to use an `input` block in modals',
      field: 'submit',
    },
  ];
}
