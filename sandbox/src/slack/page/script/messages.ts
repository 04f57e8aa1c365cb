/** One channel's messages: each with its thread, ephemeral ones for their one person. */
export const messagesScript = `
const expanded = new Set();
const SHOWN_REPLIES = 4;

function visible(message) {
  return message.subtype !== 'ephemeral' || message.ephemeral_to === state.me;
}

/** Draws what changed; a message that stays the same keeps its node. */
function drawMessages(channel) {
  const list = document.querySelector('[data-messages="' + CSS.escape(channel) + '"]');
  if (!list) return;
  const all = (state.messages.get(channel) || []).filter(visible);
  const parents = new Set(all.map((message) => message.ts));
  const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && parents.has(message.thread_ts);
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const old = new Map([...list.children].map((node) => [node.dataset.ts, node]));
  const nodes = all.filter((message) => !isReply(message)).map((message) => {
    const replies = all.filter((reply) => isReply(reply) && reply.thread_ts === message.ts);
    const key = JSON.stringify([message, replies, expanded.has(message.ts), state.me]);
    const known = old.get(message.ts);
    if (known && known.key === key) return known;
    const node = el('article', { class: 'thread', 'data-ts': message.ts },
      messageNode(message), threadNode(channel, message, replies));
    node.key = key;
    return node;
  });
  if (nodes.length === 0) nodes.push(welcomeNode());
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null);
  });
  while (list.children.length > nodes.length) list.lastElementChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function welcomeNode() {
  return el('div', { class: 'welcome', 'data-ts': '' }, SETTINGS.welcome.map((line) => el('p', {}, line)));
}

function threadNode(channel, parent, replies) {
  if (replies.length === 0) return undefined;
  const hidden = expanded.has(parent.ts) ? 0 : Math.max(0, replies.length - SHOWN_REPLIES);
  const more = hidden > 0 && el('button', {
    class: 'more', type: 'button', onclick: () => { expanded.add(parent.ts); drawMessages(channel); },
  }, 'Show ' + hidden + ' earlier ' + (hidden === 1 ? 'reply' : 'replies'));
  return el('div', { class: 'replies' }, more, replies.slice(hidden).map(messageNode));
}

function messageNode(message) {
  const place = { channel: message.channel, messageTs: message.ts };
  const hasBlocks = message.blocks && message.blocks.length > 0;
  const at = new Date(Number(message.ts) * 1000);
  const ephemeral = message.subtype === 'ephemeral';
  return el('div', { class: ephemeral ? 'message ephemeral' : 'message' },
    avatarNode(message.user, message.bot_id),
    el('div', { class: 'content' },
      ephemeral && el('div', { class: 'only' }, 'Only visible to you'),
      el('div', { class: 'by' },
        el('b', {}, nameOf(message.user)),
        message.bot_id && el('span', { class: 'app' }, 'APP'),
        el('time', { title: at.toLocaleString() }, at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }))),
      hasBlocks
        ? message.blocks.map((block) => blockNode(block, place))
        : message.text && el('div', { class: 'text' }, mrkdwn(message.text)),
      (message.files || []).map(fileNode),
      message.edited && el('span', { class: 'edited' }, '(edited)'),
      message.reactions && el('div', { class: 'reactions' }, message.reactions.map((reaction) =>
        el('span', {}, emojiNode(reaction.name), ' ' + reaction.count)))));
}

function fileNode(file) {
  if (file.mimetype === 'image/png') {
    const path = new URL(file.url_private).pathname;
    return el('a', { class: 'picture', href: path, target: '_blank', rel: 'noopener' },
      el('img', { src: path, alt: file.alt_txt || file.title }));
  }
  return el('details', { class: 'file' }, el('summary', {}, file.title + ' · ' + file.size + ' bytes'), el('pre', {}, file.preview));
}

const COLOURS = ['#1264a3', '#2b8a3e', '#7048e8', '#c2255c', '#d9480f', '#0b7285'];

function avatarNode(id, isBot) {
  if (isBot) return el('span', { class: 'avatar bot', 'aria-hidden': true });
  const index = state.users.findIndex((user) => user.id === id);
  const colour = 'colour' + (index < 0 ? 0 : index % COLOURS.length);
  return el('span', { class: 'avatar ' + colour, 'aria-hidden': true }, nameOf(id).slice(0, 1).toUpperCase());
}
`;
