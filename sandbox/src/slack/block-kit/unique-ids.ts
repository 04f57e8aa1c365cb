import { isObject, objectsIn } from '../json.ts';
import type { Fault } from './fault.ts';

/** Faults for a block_id that stands twice, and for an action_id that stands twice inside one block. */
export function duplicateIds(blocks: readonly unknown[]): Fault[] {
  const faults: Fault[] = [];
  const blockIds = new Set<unknown>();
  blocks.forEach((block, index) => {
    if (!isObject(block)) return;
    noteTwice(blockIds, block.block_id, `/${index}`, 'block_id', faults);
    const actionIds = new Set<unknown>();
    objectsIn(block.elements).forEach((element, at) => {
      noteTwice(actionIds, element.action_id, `/${index}/elements/${at}`, 'action_id', faults);
    });
  });
  return faults;
}

function noteTwice(seen: Set<unknown>, id: unknown, place: string, field: string, faults: Fault[]): void {
  if (id === undefined) return;
  if (seen.has(id)) {
    const message = `\`${field}\` already exists: ${String(id)}`;
    faults.push({
      pointer: `${place}/${field}`,
      code: 'failed_constraint',
      message,
      constraint: 'unique',
      field,
    });
  }
  seen.add(id);
}
