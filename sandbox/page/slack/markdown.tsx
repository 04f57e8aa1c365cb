import type { ComponentChildren } from 'preact';
import { Inline, type Marks } from './inline.tsx';
import { Link } from './reference.tsx';
import { Scroll } from './scroll.tsx';

/** The block `markdown`: as much of standard Markdown as messages use. */
export function Markdown({ text }: { readonly text: string }): ComponentChildren {
  return text.split(/(^```[^\n]*\n[\s\S]*?^```\s*?$)/m).map((part, index) => {
    if (index % 2 === 1)
      return <pre key={index}>{part.replace(/^```[^\n]*\n/, '').replace(/\n?```\s*$/, '')}</pre>;
    const paragraphs = part
      .split(/\n{2,}|\n(?=#{1,6} )|(?<=^#{1,6} [^\n]*)\n/m)
      .filter((lines) => lines.trim() !== '');
    return paragraphs.map((lines, at) => <Paragraph key={at} lines={lines.replace(/^\n|\n$/g, '')} />);
  });
}

const ROW = /^\s*\|.*\|\s*$/;
const BULLET = /^\s*[-*+] /;
const NUMBER = /^\s*\d+[.)] /;

function Paragraph({ lines }: { readonly lines: string }) {
  const all = lines.split('\n');
  const every = (pattern: RegExp) => all.every((line) => pattern.test(line));
  const items = (pattern: RegExp) =>
    all.map((line, index) => (
      <li key={index}>
        <Inline text={line.replace(pattern, '')} marks={MARKS} />
      </li>
    ));
  if (/^#{1,6} /.test(lines))
    return (
      <h2 class="block-header">
        <Inline text={lines.replace(/^#+ /, '')} marks={MARKS} />
      </h2>
    );
  if (/^(-{3,}|\*{3,})$/.test(lines)) return <hr />;
  if (every(ROW)) return <Rows lines={all} />;
  if (every(BULLET)) return <ul>{items(BULLET)}</ul>;
  if (every(NUMBER)) return <ol>{items(NUMBER)}</ol>;
  if (every(/^>/))
    return (
      <blockquote>
        <Inline text={all.map((line) => line.replace(/^> ?/, '')).join('\n')} marks={MARKS} />
      </blockquote>
    );
  return (
    <p class="text">
      <Inline text={lines} marks={MARKS} />
    </p>
  );
}

function Rows({ lines }: { readonly lines: readonly string[] }) {
  const [head = [], ...rows] = lines
    .filter((line) => !/^[\s|:-]+$/.test(line))
    .map((line) =>
      line
        .trim()
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return (
    <Scroll class="scroll" label="Table">
      <table>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index}>
                <Inline text={cell} marks={MARKS} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index}>
                  <Inline text={cell} marks={MARKS} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const MARKS: Marks = {
  pattern:
    /`(?<code>[^`\n]+)`|\*\*(?<bold>.+?)\*\*|(?<!\w)[*_](?<italic>\S.*?)[*_](?!\w)|~~(?<strike>.+?)~~|\[(?<label>[^\]\n]+)\]\((?<url>[^)\s]+)\)/g,
  code: (written) => written,
  other: ({ label = '', url = '' }) => <Link url={url}>{label}</Link>,
};
