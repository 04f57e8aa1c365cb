import type { Segment } from './segments.ts';

/** A refusal is a value: a stable code for audit and metrics, one sentence, and what to do next. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly reasonCode: ReasonCode;
  readonly sentence: string;
  /** The sentence again where it names people or instants, which a chat shows in its own way. */
  readonly inChat?: readonly Segment[];
  readonly next: string;
  /** The word that was probably mistyped, and what was meant. */
  readonly meant?: { readonly typed: string; readonly name: string };
  /** The change command whose form asks for what is missing. */
  readonly form?: string;
  /** Channels to go to instead, by id; the chat shows them as links. */
  readonly channels?: readonly string[];
}

export function refuse(reasonCode: ReasonCode, sentence: string, next: string): Refusal {
  return { kind: 'refusal', reasonCode, sentence, next };
}

export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  return 'kind' in value && value.kind === 'refusal';
}

export const REASON_CODES = [
  // what was typed
  'text_too_long',
  'unknown_verb',
  'unknown_flag',
  'unknown_argument',
  'missing_argument',
  'unknown_target',
  'target_ambiguous',
  'unknown_node',
  'short_node_name',
  'unknown_lookup',
  'lookup_ambiguous',
  'unknown_change',
  'not_an_address',
  'address_with_mask',
  'address_with_port',
  'address_multicast',
  'address_unspecified',
  'address_loopback',
  'address_link_local',
  'address_duplicate',
  'wrong_family',
  'address_other_as',
  'static_peer',
  // what the cluster says
  'nothing_to_do',
  'node_already_mapped',
  'node_not_mapped',
  'address_not_mapped',
  'no_tmm_pods',
  'lookup_missing',
  'lookup_immutable',
  'lookup_too_large',
  'mapping_unreadable',
  'cluster_unreachable',
  'cluster_forbidden',
  // who may what
  'channel_not_listed',
  'other_workspace',
  'guest',
  'deactivated',
  'bot',
  'not_allowed',
  'not_an_approver',
  'own_change',
  'already_decided_by_you',
  'approval_not_needed',
  'approval_lapsed',
  'approval_void',
  'stopped_by_another',
  'frozen',
  'not_frozen',
  'break_glass_not_used',
  'break_glass_used_already',
  'already_reviewed',
  'reason_missing',
  'dialog_closed',
  'nobody_can_approve',
  'too_many_requests',
  'people_unreachable',
  // the store of changes and records
  'store_unwritable',
  'store_unreachable',
  // the life of a change
  'stale_plan',
  'other_cluster',
  'target_gone',
  'records_lost',
  'later_release',
  'unreadable',
  'wrong_digest',
  'not_open',
  'expired',
  'execution_window_passed',
  'withdrawn',
  'rejected',
  'cancelled',
  'closed',
  'approval_waived',
  'approvals_carried_over',
  'break_glass',
  'rolled_back',
  'scope_held',
  // gates
  'last_carrying_tmm',
  'mapping_changed_meanwhile',
  'mapping_moved',
  'rollout_in_progress',
  'node_without_tmm',
  'replaced_tmm_down',
  'session_flapping',
  'eviction_blocked',
  'eviction_slow',
  'replacement_missing',
  'replacement_not_ready',
  'replacement_unmapped',
  'wrong_peers',
  'session_down',
  'session_unknown',
  'prefixes_missing',
  'outcome_unknown',
  'internal_error',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];
