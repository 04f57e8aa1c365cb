/** Block Kit as elements. */
export const blocksScript = `
function blockNode(block, place) {
  const draw = BLOCKS[block.type];
  return draw ? draw(block, place) : el('div', { class: 'context' }, '(' + block.type + ' block)');
}

const BLOCKS = {
  header: (block) => el('h3', {}, textNode(block.text)),
  divider: () => el('hr'),
  section: (block, place) => el('div', { class: 'section' },
    el('div', { class: 'grow' },
      block.text && el('div', { class: 'text' }, textNode(block.text)),
      block.fields && el('div', { class: 'fields' },
        block.fields.map((field) => el('div', { class: 'text' }, textNode(field))))),
    block.accessory && el('div', {}, elementNode(block.accessory, block, place))),
  context: (block, place) => el('div', { class: 'context' },
    block.elements.map((element) => elementNode(element, block, place))),
  actions: (block, place) => el('div', { class: 'actions' },
    block.elements.map((element) => elementNode(element, block, place))),
  image: (block) => imageNode(block),
  video: (block) => el('div', { class: 'context' }, '[video] ' + block.alt_text),
  markdown: (block) => el('div', { class: 'text' }, block.text),
  alert: (block) => el('div', { class: 'alert ' + (block.level || '') }, textNode(block.text)),
  rich_text: (block) => el('div', {}, block.elements.map(richNode)),
  table: (block) => el('div', { class: 'scroll' }, el('table', {}, block.rows.map((row, index) =>
    el('tr', {}, row.map((cell) => el(index === 0 ? 'th' : 'td', {}, cellNode(cell))))))),
};
BLOCKS.data_table = BLOCKS.table;

function cellNode(cell) {
  return cell.type === 'rich_text' ? BLOCKS.rich_text(cell) : cell.text;
}

function richNode(element) {
  switch (element.type) {
    case 'rich_text_preformatted': return el('pre', {}, element.elements.map((part) => part.text || part.url));
    case 'rich_text_quote': return el('blockquote', {}, element.elements.map(richPart));
    case 'rich_text_list': return el(element.style === 'ordered' ? 'ol' : 'ul', { class: 'indent' + (element.indent || 0) },
      element.elements.map((item) => el('li', {}, item.elements.map(richPart))));
    default: return el('div', { class: 'text' }, element.elements.map(richPart));
  }
}

function richPart(part) {
  const style = part.style || {};
  let node = richLeaf(part);
  if (style.code) node = el('code', {}, node);
  if (style.bold) node = el('b', {}, node);
  if (style.italic) node = el('i', {}, node);
  if (style.strike) node = el('s', {}, node);
  if (style.underline) node = el('u', {}, node);
  return node;
}

function richLeaf(part) {
  switch (part.type) {
    case 'text': return part.text;
    case 'link': return link(part.url, part.text || part.url);
    case 'emoji': return emojiNode(part.name);
    case 'user': return reference('@' + part.user_id);
    case 'usergroup': return reference('!subteam^' + part.usergroup_id);
    case 'channel': return reference('#' + part.channel_id);
    case 'broadcast': return mention('@' + part.range, true);
    case 'date': return dateText('!date^' + part.timestamp + '^' + part.format, part.fallback);
    default: return part.value || '';
  }
}
`;
