import { resource } from '../resource.ts';
import { type Cause, invalidValue } from '../status-error.ts';
import { disruptionBudgetSchema } from './disruption-budget.ts';

const allowance = (value: number | string | undefined): string => String(value ?? 'N/A');

export const disruptionBudgets = resource({
  group: 'policy',
  versions: ['v1', 'v1beta1'],
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  hasStatus: true,
  hasGeneration: true,
  versionedUpdatesOnly: true,
  schema: disruptionBudgetSchema,
  faults,
  columns: [
    {
      name: 'Min Available',
      cell: (object) => allowance(disruptionBudgetSchema.parse(object).spec.minAvailable),
    },
    {
      name: 'Max Unavailable',
      cell: (object) => allowance(disruptionBudgetSchema.parse(object).spec.maxUnavailable),
    },
    {
      name: 'Allowed Disruptions',
      type: 'integer',
      cell: (object) => disruptionBudgetSchema.parse(object).status.disruptionsAllowed,
    },
  ],
});

function faults(object: object): Cause[] {
  const { spec } = disruptionBudgetSchema.parse(object);
  if (spec.minAvailable === undefined || spec.maxUnavailable === undefined) return [];
  return [invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set')];
}
