/** Interactive elements of a message, a section's accessory or a view, which act at once. */
export const elementsScript = `
function elementNode(element, block, place) {
  switch (element.type) {
    case 'button': return buttonNode(element, block, place);
    case 'image': return imageNode(element);
    case 'plain_text': case 'mrkdwn': return el('span', {}, textNode(element));
    case 'overflow': return menuNode(element, block, place, '⋯');
    default: return menuOrInput(element, block, place);
  }
}

function buttonNode(element, block, place) {
  const label = textNode(element.text);
  const button = el('button', {
    class: 'button ' + (element.style || ''),
    type: 'button',
    'aria-label': element.accessibility_label,
    'data-action': element.action_id,
    onclick: () => {
      if (element.url && /^https?:/.test(element.url)) window.open(element.url, '_blank', 'noopener,noreferrer');
      act(place, block, element, {}, button);
    },
  }, label);
  return button;
}

function menuNode(element, block, place, label) {
  const options = element.options || (element.option_groups || []).flatMap((group) => group.options);
  const menu = el('select', {
    class: element.type === 'overflow' ? 'menu overflow' : 'menu', 'aria-label': element.type === 'overflow' ? 'More actions' : label,
    onchange: () => {
      const selected_option = options[menu.selectedIndex - 1];
      if (selected_option) act(place, block, element, { selected_option }, menu);
      if (element.type === 'overflow') menu.selectedIndex = 0;
    },
  }, el('option', {}, label), options.map((option) => el('option', {}, plain(option.text.text))));
  const chosen = options.findIndex((option) => option.value === element.initial_option?.value);
  if (chosen >= 0) menu.selectedIndex = chosen + 1;
  return menu;
}

function menuOrInput(element, block, place) {
  if (element.type === 'static_select') return menuNode(element, block, place, plain(element.placeholder?.text || 'Choose…'));
  const input = inputNode(element, block, place);
  input.node.addEventListener('change', () => act(place, block, element, input.action(), input.node));
  return input.node;
}

function imageNode(element) {
  return el('span', { class: 'picture', title: element.alt_text }, '[picture] ' + (element.alt_text || ''));
}
`;
