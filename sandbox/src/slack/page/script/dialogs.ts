/** The question before a dangerous button. */
export const dialogsScript = `
/** Resolves to whether the person confirmed. */
function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const answer = (yes) => () => { dialog.close(); dialog.remove(); resolve(yes); };
    const dialog = el('dialog', { class: 'confirm' },
      el('h2', {}, confirm.title ? textNode(confirm.title) : 'Are you sure?'),
      el('div', { class: 'body' }, textNode(confirm.text)),
      el('footer', {},
        el('button', { class: 'button', type: 'button', onclick: answer(false) },
          confirm.deny ? textNode(confirm.deny) : 'Cancel'),
        el('button', { class: 'button ' + (confirm.style || 'primary'), type: 'button', onclick: answer(true) },
          confirm.confirm ? textNode(confirm.confirm) : 'Yes')));
    dialog.addEventListener('cancel', (event) => { event.preventDefault(); answer(false)(); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
`;
