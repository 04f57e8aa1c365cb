import type { Block } from '../../src/slack/block-kit/validate-blocks.ts';

export type { Block };
export type BlockOf<Type extends Block['type']> = Extract<Block, { readonly type: Type }>;
/** What acts at once: in an actions block, beside a section, or in a context. */
export type Actionable =
  | BlockOf<'actions'>['elements'][number]
  | NonNullable<BlockOf<'section'>['accessory']>;
export type ElementOf<Type extends Actionable['type']> = Extract<Actionable, { readonly type: Type }>;
/** What holds a value. */
export type Field = BlockOf<'input'>['element'];
export type FieldOf<Type extends Field['type']> = Extract<Field, { readonly type: Type }>;
export type Text = NonNullable<BlockOf<'section'>['text']>;
export type Confirm = NonNullable<ElementOf<'button'>['confirm']>;
/** Of a menu, of checkboxes or of radio buttons, whose texts may be mrkdwn. */
export type Option = FieldOf<'checkboxes'>['options'][number];
export type RichText = BlockOf<'rich_text'>;

/** Where an element is: what it does is told to the app with this. */
export type Place = { readonly viewId: string } | { readonly channel: string; readonly messageTs: string };
