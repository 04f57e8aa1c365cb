/** Elements that hold a value: { node, value() for submit-view, action() for block_actions }. */
export const inputsScript = `
const SELECTED = {
  users_select: 'selected_user', channels_select: 'selected_channel', conversations_select: 'selected_conversation',
  datepicker: 'selected_date', timepicker: 'selected_time', datetimepicker: 'selected_date_time',
};

function inputNode(element, block, place) {
  const type = element.type;
  if (type === 'checkboxes' || type === 'radio_buttons') return choicesInput(element);
  if (type === 'external_select' || type === 'multi_external_select') return offeredInput(element, block, place);
  if (/^multi_/.test(type)) return severalInput(element);
  if (type === 'static_select' || SELECTED[type] && !/picker$/.test(type)) return selectInput(element);
  return writtenInput(element);
}

function optionsOf(element) {
  if (element.type.includes('users')) return peopleOnly().map((user) => ({ value: user.id, label: user.realName }));
  if (/channels|conversations/.test(element.type)) {
    return state.channels.map((channel) => ({ value: channel.id, label: '#' + channel.name }));
  }
  const options = element.options || (element.option_groups || []).flatMap((group) => group.options);
  return options.map((option) => ({ value: option.value, label: plain(option.text.text), option }));
}

function initialValues(element) {
  const initial = Object.entries(element).find(([name]) => name.startsWith('initial_'))?.[1];
  const list = Array.isArray(initial) ? initial : initial === undefined ? [] : [initial];
  return list.map((item) => (typeof item === 'object' ? item.value : item));
}

function selectInput(element) {
  const options = optionsOf(element);
  const first = el('option', { value: '' }, plain(element.placeholder?.text || 'Choose…'));
  const node = el('select', { class: 'field' }, first,
    options.map((item) => el('option', { value: item.value }, item.label)));
  node.value = initialValues(element)[0] ?? '';
  const chosen = () => options.find((item) => item.value === node.value);
  return {
    node,
    value: () => node.value || null,
    action: () => chosen()?.option ? { selected_option: chosen().option } : { [SELECTED[element.type]]: node.value },
  };
}

function severalInput(element) {
  const options = optionsOf(element);
  const initial = initialValues(element);
  const node = el('select', { class: 'field', multiple: true, size: Math.min(6, Math.max(2, options.length)) },
    options.map((item) => el('option', { value: item.value, selected: initial.includes(item.value) }, item.label)));
  const value = () => [...node.selectedOptions].map((option) => option.value);
  return { node, value, action: () => ({ selected_options: options.filter((item) => value().includes(item.value)).map((item) => item.option) }) };
}

function choicesInput(element) {
  const kind = element.type === 'checkboxes' ? 'checkbox' : 'radio';
  const initial = initialValues(element);
  const name = 'choice-' + Math.random();
  const boxes = element.options.map((option) =>
    el('input', { type: kind, name, value: option.value, checked: initial.includes(option.value) }));
  const node = el('div', { class: 'choices' }, element.options.map((option, index) =>
    el('label', {}, boxes[index], el('span', {}, textNode(option.text),
      option.description && el('small', {}, textNode(option.description))))));
  const checked = () => element.options.filter((_, index) => boxes[index].checked);
  const single = kind === 'radio';
  return {
    node,
    value: () => single ? checked()[0]?.value ?? null : checked().map((option) => option.value),
    action: () => single ? { selected_option: checked()[0] } : { selected_options: checked() },
    saved: () => boxes.map((box) => box.checked),
    restore: (saved) => boxes.forEach((box, index) => { box.checked = saved[index]; }),
  };
}

/** A menu whose options the app offers while one types; of several, each that was chosen is a button that takes it out again. */
function offeredInput(element, block, place) {
  const several = element.type === 'multi_external_select';
  const id = 'offered-' + Math.random();
  const list = el('datalist', { id });
  const field = el('input', { class: 'field', list: id, autocomplete: 'off',
    placeholder: plain(element.placeholder?.text || 'Type to search…') });
  const picked = el('div', { class: 'chips' });
  const node = el('div', {}, picked, field, list);
  const initial = element.initial_options || (element.initial_option ? [element.initial_option] : []);
  let offered = [];
  let chosen = [];
  const label = (option) => plain(option.text.text);
  const choose = (options) => {
    chosen = options;
    if (!several) field.value = chosen[0] ? label(chosen[0]) : field.value;
    else picked.replaceChildren(...chosen.map((option) => el('button', { type: 'button', class: 'chip',
      onclick: () => { choose(chosen.filter((other) => other !== option)); node.dispatchEvent(new Event('change')); } }, label(option) + ' ✕')));
  };
  const search = async () => {
    if (field.value.length < (element.min_query_length ?? 3)) return;
    const query = { ...place, user: state.me, block_id: block.block_id, action_id: element.action_id, value: field.value,
      values: place.viewId ? enteredValues() : undefined };
    const result = await tell('suggest', query);
    offered = result.options || (result.option_groups || []).flatMap((group) => group.options);
    list.replaceChildren(...offered.map((option) => el('option', { value: label(option) },
      option.description ? plain(option.description.text) : '')));
    take();
  };
  const take = () => {
    const found = offered.find((option) => label(option) === field.value);
    if (!several) { chosen = found ? [found] : []; return; }
    if (!found) return;
    field.value = '';
    if (!chosen.some((option) => option.value === found.value)) choose([...chosen, found]);
  };
  field.addEventListener('input', search);
  field.addEventListener('focus', search);
  field.addEventListener('change', take);
  choose(initial);
  return {
    node,
    value: () => several ? { selected_options: chosen } : chosen[0] ? { selected_option: chosen[0] } : null,
    action: () => several ? { selected_options: chosen } : { selected_option: chosen[0] },
    saved: () => ({ chosen, text: field.value }),
    restore: (saved) => { field.value = saved.text; choose(saved.chosen); },
  };
}

const WRITTEN = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local', number_input: 'number',
  email_text_input: 'email', url_text_input: 'url' };

function writtenInput(element) {
  const props = { class: 'field', maxlength: element.max_length, placeholder: plain(element.placeholder?.text || '') };
  const node = element.multiline ? el('textarea', { ...props, rows: 4 }) : el('input', { ...props, type: WRITTEN[element.type] || 'text', step: 'any' });
  node.value = initialValues(element)[0] ?? '';
  const value = () => element.type === 'datetimepicker'
    ? (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null)
    : node.value || null;
  return { node, value, action: () => ({ [SELECTED[element.type] || 'value']: value() }) };
}
`;
