import type { ComponentChildren } from 'preact';
import { decoded, Plain } from './emoji.tsx';
import { Reference } from './reference.tsx';

/** Slack's mrkdwn: blocks of code and quotes, and within the lines what INLINE knows. */
export function Mrkdwn({ text }: { readonly text: string }): ComponentChildren {
  return text.split(/(```[\s\S]+?```)/).map((part, index) => {
    if (index % 2 === 1) return <pre key={index}>{decoded(part.slice(3, -3).replace(/^\n/, ''))}</pre>;
    return part.split(/((?:^|\n)(?:(?:&gt;|>)[^\n]*(?:\n|$))+)/).map((lines, at) =>
      at % 2 === 0 ? (
        <Inline key={at} text={lines} />
      ) : (
        <blockquote key={at}>
          <Inline text={lines.replace(/^\n|\n$/g, '').replace(/^(?:&gt;|>) ?/gm, '')} />
        </blockquote>
      ),
    );
  });
}

const INLINE = new RegExp(
  [
    '`([^`\\n]+)`',
    '<([^>\\n]+)>',
    '(?<![\\w*])\\*(\\S(?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])',
    '(?<![\\w_])_(\\S(?:[^_\\n]*[^\\s_])?)_(?![\\w_])',
    '(?<![\\w~])~(\\S(?:[^~\\n]*[^\\s~])?)~(?![\\w~])',
  ].join('|'),
  'g',
);

function Inline({ text }: { readonly text: string }): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    parts.push(<Plain text={text.slice(at, found.index)} />);
    at = found.index + found[0].length;
    const [, code, angle, bold, italic, strike] = found;
    if (code !== undefined) parts.push(<code>{decoded(code)}</code>);
    else if (angle !== undefined) parts.push(<Reference inner={angle} />);
    else if (bold !== undefined)
      parts.push(
        <b>
          <Inline text={bold} />
        </b>,
      );
    else if (italic !== undefined)
      parts.push(
        <i>
          <Inline text={italic} />
        </i>,
      );
    else if (strike !== undefined)
      parts.push(
        <s>
          <Inline text={strike} />
        </s>,
      );
  }
  parts.push(<Plain text={text.slice(at)} />);
  return parts;
}
