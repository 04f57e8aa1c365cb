import type { Answer, Part, Tone } from '../domain/answer.ts';
import { compareNames } from '../domain/natural-order.ts';
import { isRefusal } from '../domain/refusal.ts';
import { utcMinute } from '../domain/times.ts';
import type { ClusterQuery } from './grammar/declaration.ts';
import { type JudgedPod, judgeStaleness } from './inspection/find-stale.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** TMM pods older than the mapping, the Helm values or the pod template that they should run. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'stale',
  summary:
    'TMM pods that run an older mapping, older Helm values or an older pod template than the current ones',
  forms: [[]],
  flags: ['target', 'public'],
  examples: ['stale'],
  rights: [...SEE_TARGET, EXEC],
  read: () => async (target, cluster) => {
    const snapshot = await cluster.snapshot();
    if (isRefusal(snapshot)) return snapshot;
    return answer(target.name, await judgeStaleness(cluster, target, snapshot));
  },
};

const MAX_ROWS = 50;

/** Sort key: node, then pod. */
function nameOf({ pod: { node = '', name } }: JudgedPod): string {
  return `${node} ${name}`;
}

function answer(target: string, pods: readonly JudgedPod[]): Answer {
  const of = (kind: JudgedPod['staleness']['kind']): readonly JudgedPod[] =>
    pods
      .filter(({ staleness }) => staleness.kind === kind)
      .toSorted((one, other) => compareNames(nameOf(one), nameOf(other)));
  const [stale, differing, unknown] = [of('stale'), of('differs'), of('unknown')];
  const rows = [...stale, ...differing, ...unknown].map(({ pod, staleness }) => [
    pod.node ?? '-',
    pod.name,
    utcMinute(pod.createdAtMs),
    staleness.kind === 'current' ? '' : `${staleness.kind === 'unknown' ? 'unknown: ' : ''}${staleness.why}`,
  ]);
  const shown = rows.slice(0, MAX_ROWS);
  const note = (tone: Tone, text: string): Part => ({
    kind: 'note',
    tone,
    text,
  });
  return {
    title: `Stale TMM pods of ${target}: ${stale.length} of ${pods.length}`,
    parts: [
      ...(stale.every(({ staleness }) => insteadOf(staleness) !== undefined)
        ? []
        : [note('warning', 'To have them load the current configuration: restart --stale')]),
      ...[...new Set(stale.flatMap(({ staleness }) => insteadOf(staleness) ?? []))].map((instead) =>
        note('warning', instead),
      ),
      ...(differing.length === 0
        ? []
        : [
            note(
              'bad',
              differing.length === 1
                ? '1 differs although it started later: look at it with config NODE.'
                : `${differing.length} differ although they started later: look at them with config NODE.`,
            ),
          ]),
      ...(unknown.length === 0 ? [] : [note('unknown', `For ${unknown.length} it is unknown.`)]),
      ...(shown.length === 0
        ? [
            note(
              'good',
              'Every TMM pod runs what mapping and Helm values ask for, as far as both are compared, and the newest pod template.',
            ),
          ]
        : [{ kind: 'table' as const, columns: ['Node', 'TMM pod', 'Started (UTC)', 'Why'], rows: shown }]),
      ...(rows.length > shown.length
        ? [{ kind: 'text' as const, text: `${shown.length} of ${rows.length} TMM pods are shown.` }]
        : []),
    ],
  };
}

function insteadOf(staleness: JudgedPod['staleness']): string | undefined {
  return staleness.kind === 'stale' ? staleness.instead : undefined;
}
