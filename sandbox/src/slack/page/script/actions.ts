/** Sends what somebody pressed or chose. A place is a message, or a view. */
export const actionsScript = `
const FAILED = {
  operation_timeout: 'The app did not answer in time (operation_timeout).',
  dispatch_failed: 'The app could not be reached (dispatch_failed).',
  message_not_found: 'That message is gone.',
};

async function act(place, block, element, extra, control) {
  if (!(await confirmed(element.confirm))) return;
  if (control) control.classList.add('busy');
  const action = { block_id: block.block_id, action_id: element.action_id, type: element.type, ...extra };
  try {
    const result = await tell('interact', { ...place, user: state.me, action });
    if (!result.ok) toast(FAILED[result.error] || result.error);
  } finally {
    if (control) control.classList.remove('busy');
  }
}
`;
