/** What the page knows, and the two ways to make elements and to ask the server. */
export const stateScript = `
const state = {
  me: localStorage.getItem('me') || '',
  channel: '',
  users: [], channels: [], userGroups: [],
  messages: new Map(),
  unread: new Map(),
};

/** An element; text only ever becomes text. */
function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.className = value;
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

async function ask(path) {
  const response = await fetch('/_control/' + path);
  return response.json();
}

async function tell(path, body) {
  const response = await fetch('/_control/' + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

function userOf(id) {
  return state.users.find((user) => user.id === id);
}

function nameOf(id) {
  if (id === 'USLACKBOT') return 'Slackbot';
  const user = userOf(id);
  return user ? user.realName : id;
}

function peopleOnly() {
  return state.users.filter((user) => !user.isBot && !user.deleted);
}

function toast(text) {
  const note = el('div', { class: 'toast' }, text);
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), 6000);
}
`;
