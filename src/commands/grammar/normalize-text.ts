/**
 * Undoes what Slack and phones do to typed text: `&amp;` and friends, `<http://host|host>`, `<@U1|name>`,
 * smart quotes, dashes for `--`, blanks of every width. Invisible marks that a paste leaves are dropped.
 */
export function normalizeText(text: string): string {
  return unescaped(withoutMarkup(text))
    .replace(/[\u200b\u2060\ufeff\u00ad]/g, '')
    .replace(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02]/g, '"')
    .replace(/[\u2018\u2019\u201a\u201b\u2032]/g, "'")
    .replace(/[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\s]+/g, ' ')
    .replace(/(^| )[\u2010-\u2015\u2212]+(?=[a-z])/gi, '$1--')
    .trim();
}

/** `<url|label>` and `<url>` are what the person saw; `<@U1|name>` and `<#C1|name>` are ids. */
function withoutMarkup(text: string): string {
  return text.replace(/<([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>/g, (_, inside: string, label?: string) => {
    if (/^[@#!]/.test(inside)) return inside.slice(1);
    return label !== undefined && label !== ''
      ? label
      : inside.replace(/^(?:mailto|tel|https?):(?:\/\/)?/, '');
  });
}

function unescaped(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
