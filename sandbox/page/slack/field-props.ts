import type { Signal } from '@preact/signals';
import type { Field, FieldOf, Place } from './block-types.ts';
import type { Entry } from './entries.ts';

/** What every kind of field is given. */
export interface FieldProps<Shown extends Field> {
  readonly element: Shown;
  readonly entry: Signal<Entry>;
  /** Takes a choice that is made, and tells the app where it wants to hear of it. */
  choose(next: Entry): void;
  /** Takes what is being typed. */
  edit(next: Entry): void;
  /** Tells the app now, where it wants to hear of it. */
  dispatch(): void;
  readonly place: Place;
  readonly blockId: string;
  /** For the control itself. */
  readonly control: {
    readonly id: string | undefined;
    readonly 'aria-label': string | undefined;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean | undefined;
  };
}

/** Those that are chosen from a list. */
export type SelectElement = FieldOf<
  | 'static_select'
  | 'external_select'
  | 'users_select'
  | 'channels_select'
  | 'conversations_select'
  | 'multi_static_select'
  | 'multi_external_select'
  | 'multi_users_select'
  | 'multi_channels_select'
  | 'multi_conversations_select'
>;
