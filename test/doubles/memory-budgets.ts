import type { Budgets, Refusals } from '../../src/ports/budgets.ts';

/** Nobody ever asks for too much. */
export const endlessBudgets: Budgets = {
  take: async () => ({ kind: 'within' }),
  putBack: async () => undefined,
};

/** Every refusal gets a record of its own. */
export const everyRefusal: Pick<Refusals, 'note'> = { note: async () => 'record' };
