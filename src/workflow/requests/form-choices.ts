import { lookupsOf, type Target } from '../../domain/bgp/target.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { CHANNEL_FIELD, type FormChoices, type FormField, type FormOption } from './form-fields.ts';
import { MOST_OPTIONS } from './form-options.ts';

/** With one target there is nothing to choose; with several it has to be named, also by whom only one is open to. */
export function formChoices(targets: readonly Target[], policy: Pick<Policy, 'targets'>): FormChoices {
  const names = policy.targets.length === 1 ? [] : targets.map(({ name }) => ({ value: name, label: name }));
  return { target: names.slice(0, MOST_OPTIONS), lookup: lookupOptions(targets.flatMap(lookupsOf)) };
}

/** Asked where a form was not opened in one of several channels. */
export function channelField(channels: readonly string[]): FormField {
  const [first = ''] = channels;
  return {
    id: CHANNEL_FIELD,
    label: 'Propose it in',
    required: true,
    input: 'channel',
    initial: { value: first, label: first },
  };
}

function lookupOptions(
  references: readonly { readonly name: string; readonly asn: number }[],
): readonly FormOption[] {
  const labels = new Map(references.map(({ name, asn }) => [name, `${name} (AS ${asn})`]));
  return [...labels].slice(0, MOST_OPTIONS).map(([value, label]) => ({ value, label }));
}
