import { isDeepStrictEqual } from 'node:util';
import { resource } from '../resource.ts';
import { type Cause, forbiddenField } from '../status-error.ts';
import { podColumns } from '../tables/pod-columns.ts';
import { podSchema } from './pod.ts';
import type { PodSpec } from './pod-spec.ts';
import { podSpecFaults } from './pod-spec-faults.ts';

export const pods = resource({
  group: '',
  versions: ['v1'],
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  hasStatus: true,
  returnsDeleted: true,
  subresources: [
    { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
  ],
  schema: podSchema,
  selectableFields: [
    'spec.nodeName',
    'spec.schedulerName',
    'spec.restartPolicy',
    'status.phase',
    'status.podIP',
  ],
  prepare(object) {
    const { spec } = podSchema.parse(object);
    const tolerated = (spec.tolerations ?? []).map(({ key }) => key);
    const usual = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
      .filter((key) => !tolerated.includes(key))
      .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
    object.spec = { enableServiceLinks: true, ...spec, tolerations: [...(spec.tolerations ?? []), ...usual] };
    object.status = { phase: 'Pending', qosClass: qosClass(spec) };
  },
  faults(object, previous) {
    const { spec } = podSchema.parse(object);
    const before = previous && podSchema.parse(previous).spec;
    return [...podSpecFaults(spec, 'spec'), ...(before ? changeFaults(spec, before) : [])];
  },
  columns: podColumns,
});

/** Of a pod that lives, only images, tolerations and a shorter deadline may change. */
function changeFaults(spec: PodSpec, before: PodSpec): Cause[] {
  const fixed = ({
    containers,
    initContainers,
    tolerations,
    terminationGracePeriodSeconds,
    ...rest
  }: PodSpec) => ({
    ...rest,
    images: [...containers, ...(initContainers ?? [])].map(({ image, ...container }) => container),
  });
  if (isDeepStrictEqual(fixed(spec), fixed(before))) return [];
  return [
    forbiddenField(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)',
    ),
  ];
}

function qosClass({ containers }: PodSpec): string {
  const amounts = containers.map(({ resources }) => resources);
  if (amounts.every((amount) => Object.keys(amount).length === 0)) return 'BestEffort';
  const guaranteed = amounts.every(
    ({ limits, requests }) =>
      limits !== undefined && (requests === undefined || isDeepStrictEqual(limits, requests)),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
