import { z } from 'zod';
import type { NodeExpression, NodeTerm, PodPlacement, Toleration } from '../../domain/bgp/snapshot.ts';
import { interner } from './interner.ts';
import { texts } from './lookup-from.ts';

const requirementSchema = z.object({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).nullish(),
});

const termSchema = z.object({
  matchExpressions: z.array(requirementSchema).nullish(),
  matchFields: z.array(requirementSchema).nullish(),
});

/** What a pod's spec says about nodes. */
export const placementSchema = z.object({
  nodeSelector: texts.nullish(),
  tolerations: z
    .array(
      z.object({
        key: z.string().nullish(),
        operator: z.string().nullish(),
        value: z.string().nullish(),
        effect: z.string().nullish(),
      }),
    )
    .nullish(),
  affinity: z
    .object({
      nodeAffinity: z
        .object({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .object({ nodeSelectorTerms: z.array(termSchema) })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

type PlacementSpec = z.infer<typeof placementSchema>;

/** What decides on which nodes a pod may run. One that says nothing tolerates no taint. */
export function placementFrom(spec: PlacementSpec): PodPlacement {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const tolerations = (spec.tolerations ?? []).flatMap(tolerationFrom);
  const nodeSelector = spec.nodeSelector ?? {};
  const nodeAffinity = (required?.nodeSelectorTerms ?? []).map(termFrom);
  return oncePlacement({
    tolerations: onceTolerations(tolerations),
    nodeSelector: onceSelector(nodeSelector),
    nodeAffinity: onceAffinity(nodeAffinity),
  });
}

/** None where the operator is one that is not known here: what it tolerates cannot be said. */
function tolerationFrom({
  key,
  operator,
  value,
  effect,
}: NonNullable<PlacementSpec['tolerations']>[number]): readonly Toleration[] {
  const known = operator || 'Equal';
  if (known !== 'Equal' && known !== 'Exists') return [];
  return [
    { operator: known, ...(key ? { key } : {}), ...(value ? { value } : {}), ...(effect ? { effect } : {}) },
  ];
}

function termFrom({ matchExpressions, matchFields }: z.infer<typeof termSchema>): NodeTerm {
  const expressions = [...(matchExpressions ?? []), ...(matchFields ?? [])];
  // To Kubernetes, an empty term matches no node.
  if (expressions.length === 0) return [{ key: 'metadata.name', operator: 'In', values: [] }];
  return expressions.flatMap(({ key, operator, values }) =>
    isOperator(operator) ? [{ key, operator, values: values ?? [] }] : [],
  );
}

function isOperator(operator: string): operator is NodeExpression['operator'] {
  return OPERATORS.has(operator);
}

const OPERATORS: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);

/** The pods of one workload say the same. */
const onceTolerations = interner<PodPlacement['tolerations']>(1_000, JSON.stringify);
const onceSelector = interner<PodPlacement['nodeSelector']>(1_000, JSON.stringify);
const oncePlacement = interner<PodPlacement>(1_000, JSON.stringify);
const onceAffinity = interner<PodPlacement['nodeAffinity']>(1_000, JSON.stringify);
