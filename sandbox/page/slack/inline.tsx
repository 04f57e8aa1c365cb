import type { ComponentChildren } from 'preact';
import { Plain } from './emoji.tsx';

/** How one way to write marks text. */
export interface Marks {
  /** Its named groups say what was found: `code`, `bold`, `italic` or `strike`, and whatever `other` draws. */
  readonly pattern: RegExp;
  /** What stands between marks of code, as it is shown. */
  code(written: string): string;
  other(found: Found): ComponentChildren;
}

export type Found = Readonly<Record<string, string | undefined>>;

const STYLES = { bold: 'b', italic: 'i', strike: 's' } as const;

/** The marks within a line, one in another. */
export function Inline({ text, marks }: { readonly text: string; readonly marks: Marks }): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const found of text.matchAll(marks.pattern)) {
    parts.push(<Plain text={text.slice(at, found.index)} />);
    at = found.index + found[0].length;
    parts.push(<Marked found={found.groups ?? {}} marks={marks} />);
  }
  parts.push(<Plain text={text.slice(at)} />);
  return parts;
}

function Marked({ found, marks }: { readonly found: Found; readonly marks: Marks }): ComponentChildren {
  if (found.code !== undefined) return <code>{marks.code(found.code)}</code>;
  for (const style of ['bold', 'italic', 'strike'] as const) {
    const inner = found[style];
    if (inner === undefined) continue;
    const Tag = STYLES[style];
    return (
      <Tag>
        <Inline text={inner} marks={marks} />
      </Tag>
    );
  }
  return marks.other(found);
}
