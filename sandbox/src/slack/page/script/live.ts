/** Starts the page and keeps it fresh: the server says what changed, the page fetches that. */
export const liveScript = `
async function fetchWorkspace() {
  const { users, channels, userGroups } = await ask('workspace');
  Object.assign(state, { users, channels, userGroups });
  if (!peopleOnly().some((user) => user.id === state.me)) state.me = peopleOnly()[0]?.id || '';
  if (!state.channel) state.channel = channels[0]?.id || '';
  drawFrame();
}

async function fetchMessages(channel) {
  const { messages } = await ask('messages/' + encodeURIComponent(channel));
  const before = (state.messages.get(channel) || []).length;
  state.messages.set(channel, messages);
  if (channel !== state.channel) state.unread.set(channel, (state.unread.get(channel) || 0) + Math.max(0, messages.length - before));
  if (!document.querySelector('[data-messages="' + CSS.escape(channel) + '"]')) await fetchWorkspace();
  drawMessages(channel);
  drawTabs();
}

/** Many changes at once are fetched once. */
const due = new Map();
function soon(key, fetchIt) {
  if (due.has(key)) return;
  due.set(key, setTimeout(() => {
    due.delete(key);
    fetchIt().catch(() => undefined);
  }, 60));
}

async function fetchAll() {
  await fetchWorkspace();
  for (const channel of state.channels) await fetchMessages(channel.id);
  state.unread.clear();
  drawTabs();
  await fetchViews();
}

function watch() {
  const events = new EventSource('/_control/events');
  events.onopen = () => { document.body.classList.remove('offline'); soon('all', fetchAll); };
  events.onerror = () => document.body.classList.add('offline');
  events.onmessage = ({ data }) => {
    const { changed, id } = JSON.parse(data);
    if (changed === 'messages') soon('messages ' + id, () => fetchMessages(id));
    if (changed === 'views' && id === state.me) soon('views', fetchViews);
    if (changed === 'workspace') soon('workspace', fetchWorkspace);
  };
}

watch();
`;
