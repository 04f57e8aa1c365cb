/** Slack's mrkdwn as elements. */
export const mrkdwnScript = String.raw`
const EMOJI = {
  white_check_mark: '✅', heavy_check_mark: '✔️', ballot_box_with_check: '☑️', x: '❌', warning: '⚠️',
  grey_question: '❔', question: '❓', exclamation: '❗', information_source: 'ℹ️', no_entry: '⛔',
  no_entry_sign: '🚫', rotating_light: '🚨', fire: '🔥', hourglass: '⌛', hourglass_flowing_sand: '⏳',
  stopwatch: '⏱️', alarm_clock: '⏰', lock: '🔒', unlock: '🔓', key: '🔑', eyes: '👀', '+1': '👍',
  thumbsup: '👍', '-1': '👎', thumbsdown: '👎', tada: '🎉', rocket: '🚀', wave: '👋', bulb: '💡', memo: '📝',
  scroll: '📜', mag: '🔍', wrench: '🔧', construction: '🚧', zap: '⚡', snowflake: '❄️', bell: '🔔',
  robot_face: '🤖', speech_balloon: '💬', bust_in_silhouette: '👤', busts_in_silhouette: '👥',
  arrows_counterclockwise: '🔄', arrow_right: '➡️', arrow_forward: '▶️', double_vertical_bar: '⏸️',
  black_square_for_stop: '⏹️', rewind: '⏪', fast_forward: '⏩', leftwards_arrow_with_hook: '↩️',
  red_circle: '🔴', large_green_circle: '🟢', large_yellow_circle: '🟡', large_orange_circle: '🟠',
  large_blue_circle: '🔵', white_circle: '⚪', black_circle: '⚫', white_large_square: '⬜', electric_plug: '🔌',
  satellite_antenna: '📡', globe_with_meridians: '🌐', link: '🔗', file_folder: '📁', clipboard: '📋',
  wastebasket: '🗑️', pencil2: '✏️', heavy_plus_sign: '➕', heavy_minus_sign: '➖', boom: '💥',
};

function decoded(text) {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (typed, name) => Object.hasOwn(EMOJI, name) ? EMOJI[name] : typed);
}

function plain(text) {
  return withEmoji(decoded(text || ''));
}

/** Drawn by the page's style, so that they look the same without a font of emoji. */
const BADGES = {
  white_check_mark: ['good', '✓'], heavy_check_mark: ['good', '✓'], x: ['bad', '✕'], no_entry: ['bad', '–'],
  warning: ['warning', '!'], rotating_light: ['bad', '!'], grey_question: ['unknown', '?'], question: ['unknown', '?'],
  information_source: ['note', 'i'], large_green_circle: ['good', ''], red_circle: ['bad', ''],
  large_yellow_circle: ['warning', ''], white_circle: ['unknown', ''], large_blue_circle: ['note', ''],
};

function plainNode(text) {
  const line = document.createDocumentFragment();
  for (const [index, part] of decoded(text || '').split(/:([a-z0-9_+-]+):/).entries()) {
    if (index % 2 === 0) line.append(part);
    else line.append(emojiNode(part));
  }
  return line;
}

function emojiNode(name) {
  const badge = Object.hasOwn(BADGES, name) && BADGES[name];
  if (!badge) return Object.hasOwn(EMOJI, name) ? EMOJI[name] : ':' + name + ':';
  return el('span', { class: 'badge ' + badge[0], role: 'img', 'aria-label': name.replaceAll('_', ' ') }, badge[1]);
}

/** A text object, or a string of mrkdwn. */
function textNode(text) {
  if (!text) return '';
  if (text.type === 'plain_text') return text.emoji === false ? decoded(text.text) : plainNode(text.text);
  return mrkdwn(text.text);
}

function mrkdwn(text) {
  const whole = document.createDocumentFragment();
  for (const part of text.split(/(${'```'}[\s\S]+?${'```'})/)) {
    if (part.startsWith('${'```'}') && part.length > 6) {
      whole.append(el('pre', {}, decoded(part.slice(3, -3).replace(/^\n/, ''))));
      continue;
    }
    for (const lines of part.split(/((?:^|\n)(?:(?:&gt;|>)[^\n]*(?:\n|$))+)/)) {
      if (!/^\n?(?:&gt;|>)/.test(lines)) whole.append(inline(lines));
      else whole.append(el('blockquote', {}, inline(lines.replace(/^\n|\n$/g, '').replace(/^(?:&gt;|>) ?/gm, ''))));
    }
  }
  return whole;
}

const INLINE = new RegExp([
  '${'`'}([^${'`'}\\n]+)${'`'}',
  '<([^>\\n]+)>',
  '(?<![\\w*])\\*(\\S(?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])',
  '(?<![\\w_])_(\\S(?:[^_\\n]*[^\\s_])?)_(?![\\w_])',
  '(?<![\\w~])~(\\S(?:[^~\\n]*[^\\s~])?)~(?![\\w~])',
].join('|'), 'g');

function inline(text) {
  const line = document.createDocumentFragment();
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    line.append(plainNode(text.slice(at, found.index)));
    at = found.index + found[0].length;
    const [, code, angle, bold, italic, strike] = found;
    if (code !== undefined) line.append(el('code', {}, decoded(code)));
    else if (angle !== undefined) line.append(reference(angle));
    else if (bold !== undefined) line.append(el('b', {}, inline(bold)));
    else if (italic !== undefined) line.append(el('i', {}, inline(italic)));
    else line.append(el('s', {}, inline(strike)));
  }
  line.append(plainNode(text.slice(at)));
  return line;
}

/** What stands between angle brackets: a person, a channel, a group, a date, a link. */
function reference(inner) {
  const [target, label] = inner.split(/\|(.*)/s);
  if (target.startsWith('@')) return mention('@' + (userOf(target.slice(1))?.name || target.slice(1)), target.slice(1) === state.me);
  if (target.startsWith('#')) {
    const channel = state.channels.find((known) => known.id === target.slice(1));
    return mention('#' + (channel ? channel.name : label || target.slice(1)));
  }
  if (target.startsWith('!date^')) return dateText(target, label);
  if (target.startsWith('!subteam^')) {
    const group = state.userGroups.find((known) => known.id === target.slice(9));
    return mention('@' + (group ? group.handle : label || target.slice(9)), Boolean(group?.users.includes(state.me)));
  }
  if (target.startsWith('!')) return mention('@' + target.slice(1), true);
  return link(decoded(target), plain(label || target));
}

function mention(text, mine) {
  return el('span', { class: mine ? 'mention mine' : 'mention' }, text);
}

function link(url, label) {
  if (!/^(https?|mailto):/.test(url)) return label;
  return el('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, label);
}

function dateText(target, fallback) {
  const [, seconds, format] = target.split('^');
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return plain(fallback || target);
  const day = at.toLocaleDateString([], { month: 'short', day: 'numeric' });
  const isToday = at.toDateString() === new Date().toDateString();
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const text = format
    .replace(/\{date[a-z_]*pretty\}/g, isToday ? 'today' : day)
    .replace(/\{date[a-z_]*\}/g, day)
    .replace(/\{time_secs\}/g, at.toLocaleTimeString())
    .replace(/\{time\}/g, time)
    .replace(/\{ago\}/g, time);
  return el('time', { title: at.toLocaleString(), datetime: at.toISOString() }, text);
}
`;
