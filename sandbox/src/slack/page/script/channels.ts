/** The frame: who one is, the channels side by side, tabs when the window is narrow. */
export const channelsScript = `
function shownChannels() {
  return state.channels.filter((channel) => !channel.id.startsWith('D') || channel.members.includes(state.me));
}

function drawFrame() {
  document.getElementById('title').textContent = SETTINGS.title;
  document.title = SETTINGS.title;
  const main = document.getElementById('channels');
  const known = new Set([...main.children].map((node) => node.dataset.channel));
  for (const channel of shownChannels()) if (!known.has(channel.id)) main.append(channelNode(channel));
  drawTabs();
  drawPeople();
}

function channelNode(channel) {
  return el('section', { class: 'channel', 'data-channel': channel.id, 'aria-label': channel.name },
    el('h1', {}, el('span', { class: 'hash' }, '# '), channel.name,
      el('small', {}, channel.members.length + ' members')),
    el('div', { class: 'messages', 'data-messages': channel.id, tabindex: '0' }),
    composerNode(channel));
}

function drawTabs() {
  document.getElementById('tabs').replaceChildren(...shownChannels().map((channel) => {
    const unread = channel.id === state.channel ? 0 : state.unread.get(channel.id) || 0;
    return el('button', {
      type: 'button', class: channel.id === state.channel ? 'tab current' : 'tab',
      'aria-current': channel.id === state.channel ? 'page' : undefined,
      onclick: () => showChannel(channel.id),
    }, '# ' + channel.name, unread > 0 && el('span', { class: 'unread' }, String(unread)));
  }));
  for (const node of document.querySelectorAll('.channel')) {
    node.classList.toggle('current', node.dataset.channel === state.channel);
  }
}

function showChannel(id) {
  state.channel = id;
  state.unread.set(id, 0);
  drawTabs();
  const list = document.querySelector('[data-messages="' + CSS.escape(id) + '"]');
  if (list) list.scrollTop = list.scrollHeight;
}

function drawPeople() {
  document.getElementById('people').replaceChildren(...peopleOnly().map((user) => el('button', {
    type: 'button', class: user.id === state.me ? 'person current' : 'person', role: 'radio',
    'aria-checked': String(user.id === state.me), title: user.realName + ' · ' + user.id,
    onclick: () => become(user.id),
  }, avatarNode(user.id), el('span', {}, user.realName.split(' ')[0]),
    el('span', { class: 'rest' }, user.realName.split(' ').slice(1).join(' ')))));
}

function become(id) {
  state.me = id;
  localStorage.setItem('me', id);
  drawPeople();
  for (const channel of state.channels) drawMessages(channel.id);
  openHome();
  fetchViews();
}
`;
