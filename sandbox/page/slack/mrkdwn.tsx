import type { ComponentChildren } from 'preact';
import { decoded } from './emoji.tsx';
import { Inline, type Marks } from './inline.tsx';
import { Reference } from './reference.tsx';

/** Slack's mrkdwn: blocks of code and quotes, and within the lines what MARKS knows. */
export function Mrkdwn({ text }: { readonly text: string }): ComponentChildren {
  return text.split(/(```[\s\S]+?```)/).map((part, index) => {
    if (index % 2 === 1) return <pre key={index}>{decoded(part.slice(3, -3).replace(/^\n/, ''))}</pre>;
    return part.split(/((?:^|\n)(?:(?:&gt;|>)[^\n]*(?:\n|$))+)/).map((lines, at) =>
      at % 2 === 0 ? (
        <Inline key={at} text={lines} marks={MARKS} />
      ) : (
        <blockquote key={at}>
          <Inline text={lines.replace(/^\n|\n$/g, '').replace(/^(?:&gt;|>) ?/gm, '')} marks={MARKS} />
        </blockquote>
      ),
    );
  });
}

const MARKS: Marks = {
  pattern: new RegExp(
    [
      '`(?<code>[^`\\n]+)`',
      '<(?<angle>[^>\\n]+)>',
      '(?<![\\w*])\\*(?<bold>\\S(?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])',
      '(?<![\\w_])_(?<italic>\\S(?:[^_\\n]*[^\\s_])?)_(?![\\w_])',
      '(?<![\\w~])~(?<strike>\\S(?:[^~\\n]*[^\\s~])?)~(?![\\w~])',
    ].join('|'),
    'g',
  ),
  code: decoded,
  other: ({ angle = '' }) => <Reference inner={angle} />,
};
