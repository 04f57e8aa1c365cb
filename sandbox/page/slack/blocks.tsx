import type { ComponentChildren } from 'preact';
import type { Block, BlockOf, Place } from './block-types.ts';
import { Alert, Card, Container, ContextActions, Plan, TaskCard } from './composed-blocks.tsx';
import { ElementView } from './elements.tsx';
import { ImageView } from './image.tsx';
import { InputBlock } from './input-block.tsx';
import { Markdown } from './markdown.tsx';
import { Link } from './reference.tsx';
import { RichText } from './rich-text.tsx';
import { Scroll } from './scroll.tsx';
import { DataTable, Table } from './tables.tsx';
import { TextOf } from './text-of.tsx';

interface BlocksProps {
  readonly blocks: readonly Block[];
  readonly place: Place;
}

export function Blocks({ blocks, place }: BlocksProps): ComponentChildren {
  return blocks.map((block, index) => (
    <BlockView key={block.block_id ?? index} block={block} place={place} />
  ));
}

interface BlockProps<Shown extends Block> {
  readonly block: Shown;
  readonly place: Place;
}

function BlockView({ block, place }: BlockProps<Block>) {
  switch (block.type) {
    case 'header':
      return (
        <h2 class="block-header">
          <TextOf text={block.text} />
        </h2>
      );
    case 'section':
      return <Section block={block} place={place} />;
    case 'divider':
      return <hr />;
    case 'context':
      return <Context block={block} place={place} />;
    case 'actions':
      return (
        <div class="actions">
          {block.elements.map((element, index) => (
            <ElementView
              key={element.action_id ?? index}
              element={element}
              place={place}
              blockId={block.block_id ?? ''}
            />
          ))}
        </div>
      );
    case 'image':
      return <ImageView image={block} title={block.title} />;
    case 'rich_text':
      return (
        <div class="rich">
          <RichText block={block} />
        </div>
      );
    case 'input':
      return <InputBlock block={block} place={place} />;
    case 'table':
      return <Table block={block} />;
    case 'data_table':
      return <DataTable block={block} />;
    case 'markdown':
      return <Markdown text={block.text} />;
    case 'alert':
      return <Alert block={block} />;
    case 'plan':
      return <Plan block={block} />;
    case 'task_card':
      return <TaskCard task={block} />;
    case 'card':
      return <Card card={block} place={place} />;
    case 'carousel':
      return (
        <Scroll class="carousel" label="Cards">
          {block.elements.map((card, index) => (
            <Card key={card.block_id ?? index} card={card} place={place} />
          ))}
        </Scroll>
      );
    case 'container':
      return (
        <Container block={block}>
          <Blocks blocks={block.child_blocks} place={place} />
        </Container>
      );
    case 'context_actions':
      return <ContextActions block={block} place={place} />;
    case 'video':
      return (
        <p class="placeholder">
          Video: <Link url={block.title_url ?? block.video_url}>{block.title.text}</Link>
        </p>
      );
    default:
      return <Unknown block={block} />;
  }
}

/** What a newer Slack may know and this page does not. */
function Unknown({ block }: { readonly block: { readonly type?: string } }) {
  return <p class="placeholder">A block of type “{block.type}” stands here; this page cannot draw it.</p>;
}

function Section({ block, place }: BlockProps<BlockOf<'section'>>) {
  return (
    <div class="section">
      <div class="section-body">
        {block.text && (
          <div class="text">
            <TextOf text={block.text} />
          </div>
        )}
        {block.fields && (
          <div class="fields">
            {block.fields.map((field, index) => (
              <div key={index} class="text">
                <TextOf text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {block.accessory && (
        <div class="accessory">
          <ElementView element={block.accessory} place={place} blockId={block.block_id ?? ''} />
        </div>
      )}
    </div>
  );
}

function Context({ block }: BlockProps<BlockOf<'context'>>) {
  return (
    <div class="context">
      {block.elements.map((element, index) =>
        element.type === 'image' ? (
          <ImageView key={index} image={element} />
        ) : (
          <span key={index} class="text">
            <TextOf text={element} />
          </span>
        ),
      )}
    </div>
  );
}
