import type { ComponentChildren } from 'preact';
import type { RichText as RichTextBlock } from './block-types.ts';
import { NamedEmoji, Plain } from './emoji.tsx';
import { ChannelName, DateText, Group, Link, Mention, Person } from './reference.tsx';

type Part = RichTextBlock['elements'][number];
type Leaf = Extract<Part, { readonly type: 'rich_text_section' }>['elements'][number];

export function RichText({ block }: { readonly block: Pick<RichTextBlock, 'elements'> }): ComponentChildren {
  return block.elements.map((part, index) => <RichPart key={index} part={part} />);
}

function RichPart({ part }: { readonly part: Part }) {
  switch (part.type) {
    case 'rich_text_preformatted':
      return (
        <pre>{part.elements.map((leaf) => (leaf.type === 'link' ? (leaf.text ?? leaf.url) : leaf.text))}</pre>
      );
    case 'rich_text_quote':
      return (
        <blockquote>
          <Leaves leaves={part.elements} />
        </blockquote>
      );
    case 'rich_text_list': {
      const items = part.elements.map((item, index) => (
        <li key={index}>
          <Leaves leaves={item.elements} />
        </li>
      ));
      const name = `indent${part.indent ?? 0}`;
      if (part.style === 'bullet') return <ul class={name}>{items}</ul>;
      return (
        <ol class={name} start={(part.offset ?? 0) + 1}>
          {items}
        </ol>
      );
    }
    case 'rich_text_section':
      return (
        <div class="text">
          <Leaves leaves={part.elements} />
        </div>
      );
  }
}

function Leaves({ leaves }: { readonly leaves: readonly Leaf[] }): ComponentChildren {
  return leaves.map((leaf, index) => <Styled key={index} leaf={leaf} />);
}

function Styled({ leaf }: { readonly leaf: Leaf }): ComponentChildren {
  const style = leaf.style ?? {};
  let shown: ComponentChildren = <Bare leaf={leaf} />;
  if (style.code) shown = <code>{shown}</code>;
  if (style.bold) shown = <b>{shown}</b>;
  if (style.italic) shown = <i>{shown}</i>;
  if (style.strike) shown = <s>{shown}</s>;
  if (style.underline) shown = <u>{shown}</u>;
  return shown;
}

function Bare({ leaf }: { readonly leaf: Leaf }): ComponentChildren {
  switch (leaf.type) {
    case 'text':
      return leaf.style?.code ? leaf.text : <Plain text={leaf.text.replaceAll('&', '&amp;')} />;
    case 'link':
      return <Link url={leaf.url}>{leaf.text ?? leaf.url}</Link>;
    case 'emoji':
      return <NamedEmoji name={leaf.name} />;
    case 'user':
      return <Person id={leaf.user_id} />;
    case 'usergroup':
      return <Group id={leaf.usergroup_id} />;
    case 'channel':
      return <ChannelName id={leaf.channel_id} />;
    case 'broadcast':
      return <Mention isMine>@{leaf.range}</Mention>;
    case 'date':
      return (
        <DateText at={leaf.timestamp} format={leaf.format} fallback={leaf.fallback ?? ''} url={leaf.url} />
      );
    case 'color':
      return <code>{leaf.value}</code>;
    case 'team':
      return <Mention>{leaf.team_id}</Mention>;
  }
}
