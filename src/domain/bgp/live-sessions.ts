import { compareNames } from '../natural-order.ts';
import { describeSession, type SessionVerdict } from '../zebos/judge-session.ts';
import { type Inspection, routingOf, sessionsOf } from './inspection.ts';
import type { TmmPod } from './snapshot.ts';

/** One session of a TMM pod as it was at one moment, in words. */
export interface LiveSession {
  readonly peer: string;
  readonly state: SessionVerdict['kind'];
  /** Such as `Established 12 d, 2 prefixes`, `Idle (Admin)` or `unknown: …`. */
  readonly words: string;
}

/** The sessions of a pod, the worst first; for Established ones, with their uptime. */
export function liveSessionsOf(inspection: Inspection, pod: TmmPod): readonly LiveSession[] {
  const { summary } = routingOf(inspection, pod);
  return [...sessionsOf(inspection, pod)]
    .map(([peer, verdict]): LiveSession => {
      const printedUptime = summary.readable ? summary.sessions.get(peer)?.upDown : undefined;
      const words = describeSession(verdict);
      return {
        peer,
        state: verdict.kind,
        words:
          verdict.kind === 'established' && printedUptime !== undefined
            ? words.replace('Established', `Established ${roughly(printedUptime)}`)
            : words,
      };
    })
    .sort(worstFirst);
}

const ORDER: readonly LiveSession['state'][] = ['down', 'unknown', 'absent', 'established'];

/** Down, unknown, absent, then Established; within each by peer. */
export function worstFirst(
  one: Pick<LiveSession, 'peer' | 'state'>,
  other: Pick<LiveSession, 'peer' | 'state'>,
): number {
  const byState = ORDER.indexOf(one.state) - ORDER.indexOf(other.state);
  return byState === 0 ? compareNames(one.peer, other.peer) : byState;
}

/** The state of each session at a check, by node and then by peer. */
export type LastSeenSessions = Readonly<Record<string, Readonly<Record<string, LiveSession['state']>>>>;

/** Where a node has two TMM pods, the worse session counts. Pods that were not read are left out. */
export function lastSeenSessions({
  inspection,
  pods,
}: {
  readonly inspection: Inspection;
  readonly pods: readonly TmmPod[];
}): LastSeenSessions {
  const seen: Record<string, Record<string, LiveSession['state']>> = {};
  for (const pod of pods) {
    const { node } = pod;
    if (node === undefined) continue;
    const here = seen[node] ?? {};
    seen[node] = here;
    for (const { peer, state } of liveSessionsOf(inspection, pod)) {
      const held = here[peer];
      if (held === undefined || ORDER.indexOf(state) < ORDER.indexOf(held)) here[peer] = state;
    }
  }
  return seen;
}

/** A router's elapsed time in its largest unit: `00:09:11` becomes `9 min`, `03w6d21h` becomes `27 d`. */
export function roughly(printed: string): string {
  const clock = /^(\d{1,4}):(\d{2}):(\d{2})$/.exec(printed);
  if (clock !== null) {
    const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map(Number);
    if (hours > 0) return `${hours} h`;
    return minutes > 0 ? `${minutes} min` : `${seconds} s`;
  }
  const dated = /^(?:(\d{1,4})y)?(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,3})h)?/.exec(printed);
  const [years = 0, weeks = 0, days = 0, hours = 0] = (dated ?? []).slice(1).map((part) => Number(part ?? 0));
  const wholeDays = years * 365 + weeks * 7 + days;
  if (wholeDays > 0) return `${wholeDays} d`;
  return hours === 0 ? printed : `${hours} h`;
}
