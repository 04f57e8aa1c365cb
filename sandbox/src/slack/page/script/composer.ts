/** Where one types a command; arrow keys go through what was typed before. */
export const composerScript = String.raw`
const typed = JSON.parse(localStorage.getItem('typed') || '[]');

function composerNode(channel) {
  let back = 0;
  const field = el('input', {
    class: 'field', name: 'command', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off',
    'aria-label': 'Command in #' + channel.name, placeholder: '/command … in #' + channel.name,
  });
  const send = async (text) => {
    const [, command, rest] = /^(\/\S+)\s*(.*)$/s.exec(text.trim()) || [];
    if (!command) { toast('Only slash commands are understood here, such as ' + SETTINGS.suggestions[0]); return; }
    field.value = '';
    back = 0;
    remember(text.trim());
    const result = await tell('command', { channel: channel.id, user: state.me, command, text: rest });
    if (!result.ok && !FAILED[result.error]) toast(result.error);
  };
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    back = Math.min(typed.length, Math.max(0, back + (event.key === 'ArrowUp' ? 1 : -1)));
    field.value = back === 0 ? '' : typed[typed.length - back];
  });
  const chips = SETTINGS.suggestions.map((text) => el('button', { class: 'chip', type: 'button',
    onclick: () => { field.value = text + ' '; field.focus(); } }, text));
  return el('form', { class: 'composer', onsubmit: (event) => { event.preventDefault(); send(field.value); } },
    el('div', { class: 'chips' }, chips),
    el('div', { class: 'line' }, field, el('button', { class: 'button primary send', 'aria-label': 'Send' }, '➤')));
}

function remember(text) {
  if (typed.at(-1) !== text) typed.push(text);
  while (typed.length > 50) typed.shift();
  localStorage.setItem('typed', JSON.stringify(typed));
}
`;
