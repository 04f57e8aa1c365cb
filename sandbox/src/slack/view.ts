import type { JsonObject } from './json.ts';

/** A modal or a Home tab, with the names that Slack gives its fields. */
export interface View {
  readonly id: string;
  readonly team_id: string;
  readonly type: 'modal' | 'home';
  readonly blocks: readonly JsonObject[];
  readonly private_metadata: string;
  readonly callback_id: string;
  readonly external_id: string;
  readonly state: { readonly values: ViewValues };
  readonly hash: string;
  readonly title?: unknown;
  readonly submit?: unknown;
  readonly close?: unknown;
  readonly clear_on_close: boolean;
  readonly notify_on_close: boolean;
  readonly submit_disabled: boolean;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  readonly app_id: string;
  readonly bot_id: string;
  readonly app_installed_team_id: string;
}

/** What was entered: block_id → action_id → value. */
export type ViewValues = { readonly [blockId: string]: { readonly [actionId: string]: JsonObject } };
