import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject, objectsIn } from './json.ts';

/** An id as Slack makes them: a letter that says of what, and ten characters. */
export function newId(prefix: string): string {
  return prefix + randomBytes(8).toString('hex').slice(0, 10).toUpperCase();
}

/** Blocks as Slack stores them: a block_id and action_ids where the app gave none. */
export function withGeneratedIds(blocks: readonly JsonObject[]): JsonObject[] {
  return blocks.map((block) => ({
    ...block,
    block_id: block.block_id ?? shortId(),
    ...(block.type === 'actions' && { elements: objectsIn(block.elements).map(withActionId) }),
    ...(isObject(block.accessory) && { accessory: withActionId(block.accessory) }),
    ...(block.type === 'input' && isObject(block.element) && { element: withActionId(block.element) }),
  }));
}

function withActionId(element: JsonObject): JsonObject {
  return element.type === 'image' ? element : { ...element, action_id: element.action_id ?? shortId() };
}

function shortId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}
