import type { ComponentChildren } from 'preact';
import { act } from './act.ts';
import type { BlockOf, Place } from './block-types.ts';
import { Button } from './elements.tsx';
import { NamedEmoji } from './emoji.tsx';
import { ImageView } from './image.tsx';
import { Link } from './reference.tsx';
import { RichText } from './rich-text.tsx';
import { TextOf } from './text-of.tsx';

export function Alert({ block }: { readonly block: BlockOf<'alert'> }) {
  const level = block.level ?? 'default';
  return (
    <div class={`alert ${level}`} role="note">
      <span class="alert-sign">
        <NamedEmoji name={SIGNS[level]} />
      </span>
      <div class="text">
        <TextOf text={block.text} />
      </div>
    </div>
  );
}

const SIGNS = {
  default: 'information_source',
  info: 'information_source',
  warning: 'warning',
  error: 'x',
  success: 'white_check_mark',
} as const;

export function Plan({ block }: { readonly block: BlockOf<'plan'> }) {
  return (
    <section class="plan" aria-label={block.title}>
      <b>{block.title}</b>
      {block.tasks?.map((task) => (
        <TaskCard key={task.task_id} task={task} />
      ))}
    </section>
  );
}

export function TaskCard({ task }: { readonly task: BlockOf<'task_card'> }) {
  return (
    <div class="task">
      <span class="task-sign">
        <NamedEmoji name={STATUSES[task.status]} />
      </span>
      <div>
        <p>{task.title}</p>
        {task.details && <RichText block={task.details} />}
        {task.output && <RichText block={task.output} />}
        {task.sources?.map(({ url, text }) => (
          <p key={url}>
            <Link url={url}>{text}</Link>
          </p>
        ))}
      </div>
    </div>
  );
}

const STATUSES = {
  pending: 'white_circle',
  in_progress: 'hourglass_flowing_sand',
  complete: 'white_check_mark',
  error: 'x',
} as const;

export function Card({ card, place }: { readonly card: BlockOf<'card'>; readonly place: Place }) {
  return (
    <div class="card">
      {card.hero_image && <ImageView image={card.hero_image} />}
      {card.icon && <ImageView image={card.icon} />}
      {card.title && (
        <b>
          <TextOf text={card.title} />
        </b>
      )}
      {card.subtitle && (
        <p class="soft">
          <TextOf text={card.subtitle} />
        </p>
      )}
      {card.body && (
        <div class="text">
          <TextOf text={card.body} />
        </div>
      )}
      {card.actions && (
        <div class="actions">
          {card.actions.map((element, index) => (
            <Button
              key={element.action_id ?? index}
              element={element}
              place={place}
              blockId={card.block_id ?? ''}
            />
          ))}
        </div>
      )}
    </div>
  );
}

interface ContainerProps {
  readonly block: BlockOf<'container'>;
  /** The blocks in it. */
  readonly children: ComponentChildren;
}

export function Container({ block, children }: ContainerProps) {
  const title = (
    <>
      {block.icon && <ImageView image={block.icon} />}
      {block.title && (
        <b>
          <TextOf text={block.title} />
        </b>
      )}
      {block.rich_text_title && <RichText block={block.rich_text_title} />}
      {block.subtitle && (
        <span class="soft">
          {' '}
          <TextOf text={block.subtitle} />
        </span>
      )}
    </>
  );
  if (!block.is_collapsible)
    return (
      <div class="card">
        {title}
        {children}
      </div>
    );
  return (
    <details class="card" open={block.default_collapsed !== true}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

export function ContextActions({
  block,
  place,
}: {
  readonly block: BlockOf<'context_actions'>;
  readonly place: Place;
}) {
  const blockId = block.block_id ?? '';
  return (
    <div class="actions">
      {block.elements.map((element, index) => {
        if (element.type === 'icon_button')
          return (
            <button
              key={index}
              type="button"
              class="button"
              onClick={() => act(place, blockId, element, { value: element.value ?? '' })}
            >
              <TextOf text={element.text} />
            </button>
          );
        return [element.positive_button, element.negative_button].map((choice) => (
          <button
            key={choice.value}
            type="button"
            class="button"
            onClick={() => act(place, blockId, element, { value: choice.value })}
          >
            <TextOf text={choice.text} />
          </button>
        ));
      })}
    </div>
  );
}
