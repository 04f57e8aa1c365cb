/** As much of a message as holds its buttons. */
interface WithBlocks {
  readonly blocks?: readonly object[];
}

/** The action by which a person presses this button of a card, wherever it stands: in a row, beside a line, or in the menu. */
export function cardAction(card: WithBlocks | undefined, action: string): Readonly<Record<string, unknown>> {
  for (const block of card?.blocks ?? []) {
    const blockId = 'block_id' in block ? block.block_id : undefined;
    const elements = 'elements' in block && Array.isArray(block.elements) ? block.elements : [];
    for (const element of [...elements, 'accessory' in block ? block.accessory : undefined]) {
      if (typeof element !== 'object' || element === null || !('action_id' in element)) continue;
      if (element.action_id === action) return { block_id: blockId, action_id: action };
      const options: readonly { value: string }[] = 'options' in element ? element.options : [];
      const chosen = options.find(({ value }) => value.includes(`"verb":"${action}"`));
      if (chosen !== undefined)
        return {
          block_id: blockId,
          action_id: element.action_id,
          type: 'overflow',
          selected_option: chosen,
        };
    }
  }
  // As an old card would have it, whose button is gone.
  return { block_id: 'decide', action_id: action };
}
