import { plainText, type Segment } from './segments.ts';

/** A refusal is a value: a stable code for audit and metrics, one sentence, and what to do next. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly reasonCode: ReasonCode;
  readonly sentence: string;
  /** The same sentence as segments where it names people or instants, which a chat shows in its own way. */
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

/** The same with a sentence that names people or instants. */
export function refuseNaming(reasonCode: ReasonCode, said: readonly Segment[], next: string): Refusal {
  return { ...refuse(reasonCode, plainText(said), next), inChat: said };
}

export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  return 'kind' in value && value.kind === 'refusal';
}

/** A reason code in words that follow "because"; the code itself if this release does not know it. */
export function describeReason(code: string): string {
  return isReasonCode(code) ? REASON_WORDS[code] : code.replaceAll('_', ' ');
}

function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(REASON_WORDS, code);
}

export type ReasonCode = keyof typeof REASON_WORDS;

/** Every reason code, with its words after "because". */
export const REASON_WORDS = {
  // what was typed
  text_too_long: 'the text is too long',
  unknown_verb: 'there is no such command',
  unknown_flag: 'the command has no such flag',
  unknown_argument: 'the command takes no such argument',
  missing_argument: 'an argument is missing',
  unknown_target: 'there is no such target',
  target_ambiguous: 'the command does not say which target is meant',
  unknown_node: 'there is no such node',
  short_node_name: 'the node name is not complete',
  unknown_lookup: 'there is no such lookup',
  lookup_ambiguous: 'the command does not say which lookup is meant',
  unknown_change: 'there is no such change',
  not_an_address: 'a peer is not an IP address',
  address_with_mask: 'a peer address has a prefix length',
  address_with_port: 'a peer address has a port',
  address_multicast: 'a peer address is multicast',
  address_unspecified: 'a peer address is unspecified',
  address_loopback: 'a peer address is loopback',
  address_link_local: 'a peer address is link-local',
  address_duplicate: 'a peer address is listed twice',
  wrong_family: 'a peer address is of the wrong family',
  address_other_as: 'a peer address has another AS already',
  static_peer: 'a peer address is one of the Helm values',
  // what the cluster shows
  nothing_to_do: 'there is nothing to change',
  node_already_mapped: 'the node has a mapping already',
  node_not_mapped: 'the node has no mapping',
  address_not_mapped: 'no node has this peer address',
  no_tmm_pods: 'no TMM pod runs there',
  lookup_missing: 'the lookup does not exist',
  lookup_immutable: 'the lookup is immutable',
  lookup_too_large: 'the lookup has no room left',
  mapping_unreadable: 'a mapping cannot be read',
  cluster_unreachable: 'the cluster does not answer',
  cluster_forbidden: 'the cluster does not allow it',
  // permissions
  channel_not_listed: 'commands are not accepted in this channel',
  other_workspace: 'the account belongs to another workspace',
  guest: 'the account is a guest',
  deactivated: 'the account is deactivated',
  bot: 'the account is a bot',
  not_allowed: 'the policy does not allow it',
  not_an_approver: 'the policy does not name them as an approver',
  own_change: 'it is their own change',
  already_decided_by_you: 'they decided already',
  approval_not_needed: 'this approval is not needed',
  approval_lapsed: 'it halted so long ago that it has to be approved again',
  approval_void: 'an approval does not count any more',
  stopped_by_another: 'somebody else stopped it',
  frozen: 'the target is frozen',
  not_frozen: 'nothing is frozen',
  break_glass_not_used: 'break-glass was not used',
  break_glass_used_already: 'somebody used break-glass already',
  already_reviewed: 'it was reviewed already',
  reason_missing: 'no reason was given',
  dialog_closed: 'the dialog did not open',
  nobody_can_approve: 'nobody could approve it',
  too_many_requests: 'they hit the rate limit',
  people_unreachable: 'Slack could not say who they are',
  // the store of changes and records
  store_unwritable: 'Redis rejects writes',
  store_unreachable: 'Redis does not answer',
  // the life of a change
  stale_plan: 'the cluster changed after it was planned',
  records_lost: 'the store was restored and has lost records',
  other_cluster: 'the target now points to a different cluster',
  later_release: 'a later release of the bot wrote it',
  unreadable: 'what is stored of it cannot be read',
  target_gone: 'the policy has no such target any more',
  wrong_digest: 'the plan has changed',
  not_open: 'the change is in a state that does not allow it',
  expired: 'it was not approved in time',
  execution_window_passed: 'it was approved, but could not start in time',
  withdrawn: 'it was withdrawn',
  rejected: 'it was rejected',
  cancelled: 'somebody asked to stop it',
  closed: 'it was closed',
  approval_waived: 'the policy requires no approval',
  approvals_carried_over: 'approvals of the identical plan were carried over',
  break_glass: 'break-glass was used',
  rolled_back: 'it was rolled back',
  scope_held: 'another change holds the same TMM pods',
  // checks
  last_carrying_tmm: 'no other TMM pod carries traffic',
  mapping_changed_meanwhile: 'somebody else changed the mapping',
  mapping_moved: 'somebody else changed what this change had written',
  rollout_in_progress: 'the controller of the TMM pods is rolling something out',
  node_unschedulable: 'a node accepts no new TMM pod',
  node_without_tmm: 'a node has no TMM pod any more',
  replaced_tmm_down: 'a TMM pod that this change started is not up any more',
  eviction_blocked: 'a PodDisruptionBudget blocks the eviction',
  eviction_slow: 'the evicted pod did not end in time',
  replacement_missing: 'no replacement pod appeared',
  replacement_not_ready: 'the replacement pod did not become Ready',
  replacement_unmapped: 'the replacement pod runs on a node without a mapping',
  wrong_peers: 'the replacement pod has other peers than its mapping',
  session_down: 'a BGP session is not Established',
  session_flapping: 'a BGP session flaps',
  session_unknown: 'a BGP session could not be read',
  prefixes_missing: 'fewer prefixes are announced than before',
  outcome_unknown: 'it is unknown whether the step was done',
  internal_error: 'the bot failed',
} as const satisfies Readonly<Record<string, string>>;

export const REASON_CODES: readonly ReasonCode[] = Object.keys(REASON_WORDS).filter(isReasonCode);
