import { z } from 'zod';

const port = z.looseObject({
  name: z.string().optional(),
  containerPort: z.int(),
  protocol: z.string().default('TCP'),
});

const container = z
  .looseObject({
    name: z.string().default(''),
    image: z.string().default(''),
    command: z.array(z.string()).optional(),
    args: z.array(z.string()).optional(),
    ports: z.array(port).optional(),
    env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).optional(),
    resources: z.looseObject({}).default({}),
    terminationMessagePath: z.string().default('/dev/termination-log'),
    terminationMessagePolicy: z.string().default('File'),
    imagePullPolicy: z.string().optional(),
  })
  .transform((declared) => ({
    ...declared,
    imagePullPolicy:
      declared.imagePullPolicy ?? (/:(?!latest$)[^/]+$/.test(declared.image) ? 'IfNotPresent' : 'Always'),
  }));

const requirement = z.looseObject({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).optional(),
});

export const labelSelectorSchema = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(requirement).optional(),
});

const nodeSelectorTerm = z.looseObject({
  matchExpressions: z.array(requirement).optional(),
  matchFields: z.array(requirement).optional(),
});

const podAffinityTerm = z.looseObject({
  labelSelector: labelSelectorSchema.optional(),
  namespaces: z.array(z.string()).optional(),
  topologyKey: z.string(),
});

const affinity = z.looseObject({
  nodeAffinity: z
    .looseObject({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .looseObject({ nodeSelectorTerms: z.array(nodeSelectorTerm) })
        .optional(),
    })
    .optional(),
  podAffinity: z.looseObject({}).optional(),
  podAntiAffinity: z
    .looseObject({ requiredDuringSchedulingIgnoredDuringExecution: z.array(podAffinityTerm).optional() })
    .optional(),
});

const toleration = z.looseObject({
  key: z.string().optional(),
  operator: z.string().optional(),
  value: z.string().optional(),
  effect: z.string().optional(),
  tolerationSeconds: z.int().optional(),
});

export const podSpecSchema = z.looseObject({
  containers: z.array(container).default([]),
  initContainers: z.array(container).optional(),
  nodeName: z.string().optional(),
  nodeSelector: z.record(z.string(), z.string()).optional(),
  affinity: affinity.optional(),
  tolerations: z.array(toleration).optional(),
  readinessGates: z.array(z.looseObject({ conditionType: z.string() })).optional(),
  restartPolicy: z.string().default('Always'),
  terminationGracePeriodSeconds: z.int().default(30),
  dnsPolicy: z.string().default('ClusterFirst'),
  securityContext: z.looseObject({}).default({}),
  schedulerName: z.string().default('default-scheduler'),
});

export type PodSpec = z.infer<typeof podSpecSchema>;
export type LabelSelector = z.infer<typeof labelSelectorSchema>;
export type Requirement = z.infer<typeof requirement>;
export type NodeSelectorTerm = z.infer<typeof nodeSelectorTerm>;
export type Toleration = z.infer<typeof toleration>;
