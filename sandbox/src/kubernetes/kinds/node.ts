import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { conditionSchema } from './condition.ts';

const taint = z.looseObject({
  key: z.string(),
  value: z.string().optional(),
  effect: z.string(),
});

export const nodeSchema = kubernetesObjectSchema.extend({
  spec: z
    .looseObject({ unschedulable: z.boolean().optional(), taints: z.array(taint).optional() })
    .prefault({}),
  status: z
    .looseObject({
      addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).optional(),
      daemonEndpoints: z
        .looseObject({ kubeletEndpoint: z.looseObject({ Port: z.int() }).optional() })
        .optional(),
      conditions: z.array(conditionSchema).optional(),
      nodeInfo: z.looseObject({}).optional(),
    })
    .prefault({}),
});

export type Node = z.infer<typeof nodeSchema>;
export type Taint = z.infer<typeof taint>;
