/** The Home tab of the person one is, beside the channels. Slack tells the app each time that somebody opens it. */
export const homeScript = `
const home = { isOpen: false, view: null };

function toggleHome() {
  home.isOpen = !home.isOpen;
  const toggle = document.getElementById('home-toggle');
  toggle.setAttribute('aria-expanded', String(home.isOpen));
  document.getElementById('home').hidden = !home.isOpen;
  if (home.isOpen) openHome();
}

function openHome() {
  if (!home.isOpen) return;
  home.view = null;
  drawHome(null);
  tell('event', { event: { type: 'app_home_opened', user: state.me, channel: 'D0HOME', tab: 'home' } });
}

function drawHome(view) {
  if (!home.isOpen || (view && view.hash === home.view?.hash)) return;
  home.view = view;
  document.getElementById('home').replaceChildren(
    el('h1', {}, 'Home'),
    view ? el('div', { class: 'blocks' }, view.blocks.map((block) => blockNode(block, { viewId: view.id })))
      : el('p', { class: 'muted' }, 'Nothing here yet.'));
}

document.getElementById('home-toggle').addEventListener('click', toggleHome);
`;
