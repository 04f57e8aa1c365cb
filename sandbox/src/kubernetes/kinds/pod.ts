import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { conditionSchema } from './condition.ts';
import { podSpecSchema } from './pod-spec.ts';

const containerStatus = z.looseObject({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.int().default(0),
  state: z.looseObject({}).optional(),
});

export const podSchema = kubernetesObjectSchema.extend({
  spec: podSpecSchema.prefault({}),
  status: z
    .looseObject({
      phase: z.string().default('Pending'),
      reason: z.string().optional(),
      podIP: z.string().optional(),
      conditions: z.array(conditionSchema).optional(),
      containerStatuses: z.array(containerStatus).optional(),
      initContainerStatuses: z.array(containerStatus).optional(),
      nominatedNodeName: z.string().optional(),
      qosClass: z.string().optional(),
    })
    .prefault({}),
});

export type Pod = z.infer<typeof podSchema>;
