import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { resource } from '../resource.ts';
import { age } from '../tables/age.ts';

const reference = z.looseObject({
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  uid: z.string().optional(),
});

const eventSchema = kubernetesObjectSchema.extend({
  involvedObject: reference.prefault({}),
  reason: z.string().default(''),
  message: z.string().default(''),
  type: z.string().default('Normal'),
  count: z.int().optional(),
  firstTimestamp: z.string().optional(),
  lastTimestamp: z.string().optional(),
  eventTime: z.string().optional(),
  source: z.looseObject({ component: z.string().optional() }).optional(),
  reportingComponent: z.string().default(''),
  reportingInstance: z.string().default(''),
});

export type Event = z.infer<typeof eventSchema>;

export const events = resource({
  group: '',
  versions: ['v1'],
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  schema: eventSchema,
  selectableFields: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (field) => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  columns: [
    { name: 'Last Seen', cell: (object, now) => age(seenLast(eventSchema.parse(object)), now) },
    { name: 'Type', cell: (object) => eventSchema.parse(object).type },
    { name: 'Reason', cell: (object) => eventSchema.parse(object).reason },
    {
      name: 'Object',
      cell: (object) => {
        const { kind = '', name = '' } = eventSchema.parse(object).involvedObject;
        return `${kind.toLowerCase()}/${name}`;
      },
    },
    { name: 'Source', priority: 1, cell: (object) => eventSchema.parse(object).source?.component ?? '' },
    { name: 'Message', cell: (object) => eventSchema.parse(object).message.trim() },
    { name: 'Count', type: 'integer', priority: 1, cell: (object) => eventSchema.parse(object).count ?? 1 },
  ],
});

function seenLast({ lastTimestamp, eventTime, metadata }: Event): string {
  return lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
}
