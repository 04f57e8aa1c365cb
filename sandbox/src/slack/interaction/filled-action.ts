import { isObject, type JsonObject, objectsIn, stringIn } from '../json.ts';

/** The fields of an element that Slack repeats in the action. */
const REPEATED = ['type', 'text', 'value', 'url', 'icon', 'style', 'placeholder', 'confirm'];

/**
 * An action as block_actions carries it: what was given, the rest from the element with that block_id and
 * action_id. An element that is there no longer adds nothing.
 */
export function filledAction(blocks: readonly JsonObject[], given: JsonObject, actionTs: string): JsonObject {
  const element = findElement(blocks, given) ?? {};
  const repeated = Object.entries(element).filter(
    ([name]) => REPEATED.includes(name) || name.startsWith('initial_'),
  );
  return { type: 'button', ...Object.fromEntries(repeated), ...given, action_ts: actionTs };
}

function findElement(blocks: readonly JsonObject[], given: JsonObject): JsonObject | undefined {
  const block = blocks.find((known) => known.block_id === given.block_id);
  if (block === undefined) return undefined;
  const single = [block.accessory, block.element].filter(isObject);
  const actionId = stringIn(given, 'action_id');
  return [...objectsIn(block.elements), ...single].find((element) => element.action_id === actionId);
}
