import type { ChangeCommand } from '../../commands/grammar/declaration.ts';
import type { LastSeenSessions } from '../../domain/bgp/live-sessions.ts';
import { readMapping } from '../../domain/bgp/mapping.ts';
import { isRackLabel } from '../../domain/bgp/rack-labels.ts';
import type { Node, Snapshot } from '../../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../../domain/bgp/target.ts';
import type { Change } from '../../domain/change/change.ts';
import { STATE_WORDS } from '../../domain/change/describe-state.ts';
import { describeSubject } from '../../domain/change/describe-subject.ts';
import { compareNames } from '../../domain/natural-order.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DriftState, DriftStore } from '../../ports/store.ts';
import { CHANNEL_FIELD, type FormChoices, type FormField, type FormOption } from './form-fields.ts';

/** Maximum number of options that Slack shows. */
const MAX_OPTIONS = 100;

/**
 * Nodes whose name, zone, rack or peers contain the typed text, with zone, rack, peers and the last known state of their
 * sessions: names that begin with the text first, in natural order.
 */
export function nodeOptions(
  snapshot: Snapshot,
  typed: string,
  sessions: LastSeenSessions = {},
): readonly FormOption[] {
  const sought = typed.trim().toLowerCase();
  const found: { readonly option: FormOption; readonly begins: boolean }[] = [];
  for (const name of snapshot.nodeNames()) {
    const places = placesOf(snapshot.node(name));
    const begins = name.toLowerCase().startsWith(sought);
    const peers = peersOf(snapshot, name);
    if (!begins && ![name, ...places, ...peers].some((text) => text.toLowerCase().includes(sought))) continue;
    const marked = peers.map((peer) => markedPeer(peer, sessions[name]));
    const description = [...places, marked.join(', ') || 'not mapped'].join(' · ');
    found.push({ option: { value: name, label: name, description }, begins });
  }
  return found
    .sort((one, other) =>
      one.begins === other.begins
        ? compareNames(one.option.value, other.option.value)
        : Number(other.begins) - Number(one.begins),
    )
    .slice(0, MAX_OPTIONS)
    .map(({ option }) => option);
}

/** `10.20.1.1 ✗ down`; the address alone where there is no recent check. */
function markedPeer(peer: string, seen: LastSeenSessions[string] | undefined): string {
  const state = seen !== undefined && Object.hasOwn(seen, peer) ? seen[peer] : undefined;
  return state === undefined ? peer : `${peer} ${MARK[state]}`;
}

const MARK: Readonly<Record<LastSeenSessions[string][string], string>> = {
  down: '✗ down',
  unknown: '? unknown',
  absent: '✗ absent',
  established: '✓',
};

/** Changes that the command accepts in their present state, the newest first. */
export function changeOptions(
  command: Pick<ChangeCommand, 'verb' | 'read'>,
  changes: readonly Change[],
  typed: string,
): readonly FormOption[] {
  const sought = typed.trim().toLowerCase();
  return changes
    .filter(
      (change) => !isRefusal(command.read({ verb: command.verb, args: [change.id], flags: {} }, change)),
    )
    .map(changeOption)
    .filter(({ label, description = '' }) => `${label} ${description}`.toLowerCase().includes(sought))
    .slice(0, MAX_OPTIONS);
}

export function changeOption({ id, plan, state }: Change): FormOption {
  return { value: id, label: `${id} · ${describeSubject(plan)}`, description: STATE_WORDS[state].words };
}

const ZONE = 'topology.kubernetes.io/zone';

/** Zone and rack, from its labels. */
function placesOf(node: Node | undefined): readonly string[] {
  return Object.entries(node?.labels ?? {}).flatMap(([key, value]) =>
    value !== '' && (key === ZONE || isRackLabel(key)) ? [value] : [],
  );
}

/** Its peers in all lookups of the target. */
function peersOf(snapshot: Snapshot, node: string): readonly string[] {
  return [...snapshot.lookups.values()].flatMap(({ data }) => {
    const value = Object.hasOwn(data, node) ? data[node] : undefined;
    if (value === undefined) return [];
    const mapping = readMapping(value);
    return 'unreadable' in mapping ? ['unreadable'] : mapping.addresses;
  });
}

/** A single target needs no choice; with several it has to be chosen, even by a person with access to one only. */
export function formChoices(targets: readonly Target[], policy: Pick<Policy, 'targets'>): FormChoices {
  const names = policy.targets.length === 1 ? [] : targets.map(({ name }) => ({ value: name, label: name }));
  return { target: names.slice(0, MAX_OPTIONS), lookup: lookupOptions(targets.flatMap(lookupsOf)) };
}

/** Shown where a form was not opened in one of several channels. */
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
  return [...labels].slice(0, MAX_OPTIONS).map(([value, label]) => ({ value, label }));
}

/** Slack requests options several times a second while somebody types. */
const SHARED_FOR_MS = 5_000;
/** A state from longer ago than this many checks is out of date. */
const CHECKS_THAT_COUNT = 3;

/** The state of a target's sessions at the drift monitor's last check, without querying TMM pods. Empty where that is too old. */
export function openLastSessions(
  driftStore: Pick<DriftStore, 'read'>,
  clock: Pick<Clock, 'now'>,
): (target: Pick<Target, 'name' | 'driftCheckEveryMs'>) => Promise<LastSeenSessions> {
  const shared = new Map<
    string,
    { readonly atMs: number; readonly state: Promise<DriftState | undefined> }
  >();
  return async ({ name, driftCheckEveryMs }) => {
    const atMs = clock.now();
    let held = shared.get(name);
    if (held === undefined || Math.abs(atMs - held.atMs) >= SHARED_FOR_MS) {
      // Nodes are offered without it too; an outage of the store is reported where it prevents something.
      held = { atMs, state: driftStore.read(name).catch(() => undefined) };
      shared.set(name, held);
    }
    const state = await held.state;
    const isRecent = state !== undefined && atMs - state.atMs <= CHECKS_THAT_COUNT * driftCheckEveryMs;
    return isRecent ? (state.sessions ?? {}) : {};
  };
}
