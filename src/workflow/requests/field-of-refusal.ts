import type { ReasonCode, Refusal } from '../../domain/refusal.ts';
import { CHANNEL_FIELD, type FormField, type FormValues } from './form-fields.ts';

/** The field that a refusal is about; otherwise the first one that was filled in. */
export function fieldOf(
  { reasonCode }: Refusal,
  fields: readonly FormField[],
  values: FormValues,
): string | undefined {
  const inputs = ABOUT.find(({ codes }) => codes.includes(reasonCode))?.inputs ?? [];
  const about = fields.filter(({ id, input }) => inputs.includes(input) || inputs.includes(id));
  const filled = (some: readonly FormField[]): FormField | undefined => some.find(({ id }) => values.has(id));
  return (filled(about) ?? about[0] ?? filled(fields) ?? fields[0])?.id;
}

/** Which reason codes concern which inputs or fields. */
const ABOUT: readonly { readonly codes: readonly ReasonCode[]; readonly inputs: readonly string[] }[] = [
  {
    codes: [
      'unknown_node',
      'short_node_name',
      'node_already_mapped',
      'node_not_mapped',
      'no_tmm_pods',
      'mapping_unreadable',
    ],
    inputs: ['node', 'nodes'],
  },
  {
    codes: [
      'not_an_address',
      'address_with_mask',
      'address_with_port',
      'address_multicast',
      'address_unspecified',
      'address_loopback',
      'address_link_local',
      'address_duplicate',
      'address_not_mapped',
      'address_other_as',
      'wrong_family',
      'static_peer',
      'nothing_to_do',
    ],
    inputs: ['line'],
  },
  {
    codes: ['unknown_lookup', 'lookup_ambiguous', 'lookup_missing', 'lookup_immutable', 'lookup_too_large'],
    inputs: ['lookup'],
  },
  { codes: ['unknown_target', 'target_ambiguous'], inputs: ['target'] },
  { codes: ['unknown_change', 'not_open'], inputs: ['change'] },
  { codes: ['channel_not_listed'], inputs: [CHANNEL_FIELD] },
];
