/** `withoutSlackMarkup`, without Slack's marks for code, bold, italic or strikethrough. */
export function normalizeText(text: string): string {
  return commandWithoutEmphasis(withoutOuterMarks(withoutSlackMarkup(text))).trim();
}

/**
 * Reverts what Slack and phones do to typed text: `&amp;` and similar, `<http://host|host>`, `<@U1|name>`, smart quotes, dashes
 * for `--`, blanks and letters of every width. Invisible characters from a paste are dropped.
 */
export function withoutSlackMarkup(text: string): string {
  return unescaped(withoutMarkup(text))
    .replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, '')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\u3001/g, ',')
    .replace(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02]/g, '"')
    .replace(/[\u2018\u2019\u201a\u201b\u2032]/g, "'")
    .replace(/[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\s]+/g, ' ')
    .replace(/(^|[ *_~`])-*[\u2010-\u2015\u2212][-\u2010-\u2015\u2212]*(?=[a-z])/gi, '$1--')
    .replace(/(?<=\w)[\u2010-\u2015\u2212](?=\w)/g, '-')
    .trim();
}

/**
 * Removes what people put before a command: a mention of the bot, a bullet, a number, a shell prompt, a `>` of a quotation, an
 * emoji. Call it before `withoutSlackMarkup`, which turns mentions into words.
 */
export function withoutLead(text: string): string {
  const bare = text.replace(LEAD, '');
  return bare.trim() === '' ? text : bare;
}

const EMOJI =
  "(?:[\\p{Extended_Pictographic}\\u{1f1e6}-\\u{1f1ff}][\\ufe0f\\u200d\\p{Emoji_Modifier}]*)+|:[a-z0-9_+'-]{2,60}:";
const LEAD = new RegExp(
  `^\\s*(?:(?:<@[^<>]*>|@[\\w.-]+:?|&gt;|[>$\u2022\u00b7*-]|\\d{1,2}[.)]|${EMOJI})\\s+)+`,
  'u',
);

/** Whether a word consists only of emoji. */
export function isEmoji(word: string): boolean {
  return ONLY_EMOJI.test(word);
}

const ONLY_EMOJI = new RegExp(`^(?:${EMOJI})$`, 'u');

/** Removes quotes around the whole text. */
export function withoutOuterQuotes(text: string): string {
  return /^(["'])([^"']+)\1$/.exec(text)?.[2]?.trim() ?? text;
}

/** Removes emphasis; a reason keeps its marks, except those around the whole text. */
export function commandWithoutEmphasis(text: string): string {
  if (!/(?:^| )--?reason:?[ =]/i.test(text)) return withoutEmphasis(text);
  return text
    .split(/(?<=^| )(?=--[a-z]|-reason:?[ =])/i)
    .map((part) => {
      const [, flag, reason = ''] = /^(--?reason:?[ =])(.*)$/is.exec(part) ?? [];
      return flag === undefined ? withoutEmphasis(part) : `${flag}${withoutOuterMarks(reason.trim())} `;
    })
    .join('');
}

/** Removes marks around the whole text. */
export function withoutOuterMarks(text: string): string {
  const [marks = ''] = /^(?:`+|[*_~])/.exec(text) ?? [];
  const inner = text.slice(marks.length, -marks.length);
  const isWhole = marks !== '' && text.endsWith(marks) && inner.trim() !== '';
  return isWhole && !inner.includes(marks.charAt(0)) ? withoutOuterMarks(inner.trim()) : text;
}

/** Removes backticks, and marks of emphasis around one word or several. */
function withoutEmphasis(text: string): string {
  let bare = text.replace(/`+/g, '');
  for (const mark of ['\\*', '_', '~'])
    bare = bare.replace(
      new RegExp(
        `(?<=^|[\\s,;=>*_~(])${mark}(?=\\S)([^${mark}\\n]*[^${mark}\\s])${mark}(?=$|[\\s,;=<*_~)-])`,
        'g',
      ),
      '$1',
    );
  return bare;
}

/** `<url|label>` and `<url>` become what the person saw; `<@U1|name>` and `<#C1|name>` become ids. */
function withoutMarkup(text: string): string {
  return text.replace(/<([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>/g, (_, inside: string, label?: string) => {
    if (/^[@#!]/.test(inside)) return inside.slice(1);
    return label !== undefined && label !== ''
      ? label
      : inside.replace(/^(?:mailto:|tel:|https?:\/\/)/, '').replace(/^([^/?#]*)\/$/, '$1');
  });
}

function unescaped(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
