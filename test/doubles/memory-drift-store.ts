import type { DriftState, DriftStore } from '../../src/ports/store.ts';

export function memoryDriftStore(): DriftStore {
  const states = new Map<string, DriftState>();
  return {
    read: async (target) => structuredClone(states.get(target)),
    async write(target, state) {
      states.set(target, structuredClone(state));
    },
  };
}
