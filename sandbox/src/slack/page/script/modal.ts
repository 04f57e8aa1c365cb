/** The topmost modal of the person one is. */
export const modalScript = String.raw`
const modal = { dialog: null, view: null, inputs: new Map() };

async function fetchViews() {
  const { views, home: homeView } = await ask('views/' + encodeURIComponent(state.me));
  drawHome(homeView);
  const top = views.at(-1);
  if (top?.hash === modal.view?.hash) return;
  drawModal(top);
}

function drawModal(view) {
  const same = view && modal.view && view.id === modal.view.id;
  const entered = same ? new Map([...modal.inputs].map(([key, input]) => [key, savedOf(input)])) : new Map();
  const focused = same ? document.activeElement?.closest('[data-block]')?.dataset.block : undefined;
  const scrolled = same ? modal.dialog?.querySelector('.body')?.scrollTop || 0 : 0;
  if (modal.dialog) { modal.dialog.close(); modal.dialog.remove(); }
  modal.dialog = null;
  modal.view = view || null;
  modal.inputs = new Map();
  if (!view) return;
  const form = el('form', { class: 'sheet', onsubmit: (event) => { event.preventDefault(); submitModal(view, form); } },
    el('header', {}, el('h2', {}, textNode(view.title)),
      el('button', { class: 'close', type: 'button', 'aria-label': 'Close', onclick: () => closeModal(view) }, '✕')),
    el('div', { class: 'body' }, view.blocks.map((block) => modalBlock(view, block, entered))),
    el('footer', {},
      el('button', { class: 'button', type: 'button', onclick: () => closeModal(view) }, view.close ? textNode(view.close) : 'Cancel'),
      view.submit && el('button', { class: 'button primary' }, textNode(view.submit))));
  modal.dialog = el('dialog', { class: 'modal' }, form);
  modal.dialog.addEventListener('cancel', (event) => { event.preventDefault(); closeModal(view); });
  document.body.append(modal.dialog);
  modal.dialog.showModal();
  modal.dialog.querySelector('.body').scrollTop = scrolled;
  if (focused) modal.dialog.querySelector('[data-block="' + CSS.escape(focused) + '"] :is(input, textarea, select)')?.focus();
}

function modalBlock(view, block, entered) {
  const place = { viewId: view.id };
  if (block.type !== 'input') return blockNode(block, place);
  const { element } = block;
  const key = block.block_id + '\n' + element.action_id;
  const input = inputNode(element, block, place);
  if (entered.get(key) !== undefined) restoreTo(input, entered.get(key));
  modal.inputs.set(key, input);
  if (block.dispatch_action) input.node.addEventListener('change', () => act({ ...place, values: enteredValues() }, block, element, input.action()));
  return el('label', { class: 'input', 'data-block': block.block_id },
    el('span', { class: 'label' }, textNode(block.label), block.optional && el('small', {}, ' (optional)')),
    input.node,
    block.hint && el('small', { class: 'hint' }, textNode(block.hint)),
    el('small', { class: 'error' }));
}

/** What a redraw of the same view keeps, as Slack does. */
function savedOf(input) {
  return input.saved ? input.saved() : input.node.value;
}

function restoreTo(input, value) {
  if (input.restore) input.restore(value);
  else if ('value' in input.node) input.node.value = value;
}

function enteredValues() {
  const values = {};
  for (const [key, input] of modal.inputs) {
    const [blockId, actionId] = key.split('\n');
    values[blockId] = { ...values[blockId], [actionId]: input.value() };
  }
  return values;
}

async function submitModal(view, form) {
  const values = enteredValues();
  form.classList.add('busy');
  const result = await tell('submit-view', { user: state.me, viewId: view.id, values });
  form.classList.remove('busy');
  for (const node of form.querySelectorAll('[data-block]')) {
    node.querySelector('.error').textContent = result.errors?.[node.dataset.block] || '';
  }
  if (!result.ok && !result.errors) toast('We had some trouble connecting. Try again? (' + result.error + ')');
  fetchViews();
}

async function closeModal(view) {
  await tell('close-view', { user: state.me, viewId: view.id });
  fetchViews();
}
`;
