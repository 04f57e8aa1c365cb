import type { Interfere, Interference } from '../../sandbox/src/kubernetes/server/interference.ts';

const PATHS = {
  write: ['PATCH', /\/configmaps\/[^/]+$/],
  evict: ['POST', /\/eviction$/],
} as const;

export type StepRunner = keyof typeof PATHS;

/** Sees every effect that reaches the API server, and may hold the next one up. */
export interface Effects {
  readonly interfere: Interfere;
  count(effect: StepRunner): number;
  /** The next effect of this kind waits until it is let go; `met` resolves when it came. */
  hold(effect: StepRunner): { readonly met: Promise<void>; letGo(): void };
  /** Every request waits until it is let go. */
  holdAll(): () => void;
}

export function watchEffects(): Effects {
  const counts = { write: 0, evict: 0 };
  const holds: { readonly effect: StepRunner; readonly until: Promise<void>; met(): void }[] = [];
  let all: Promise<void> | undefined;
  return {
    interfere({ method, path, isWatch }): Interference | undefined {
      if (all !== undefined && !isWatch && path.includes('/namespaces/spk-ingress/'))
        return { kind: 'hold', until: all };
      const effect = (['write', 'evict'] as const).find(
        (one) => PATHS[one][0] === method && PATHS[one][1].test(path),
      );
      if (effect === undefined) return undefined;
      counts[effect] += 1;
      const index = holds.findIndex((one) => one.effect === effect);
      const [held] = index < 0 ? [] : holds.splice(index, 1);
      held?.met();
      return held === undefined ? undefined : { kind: 'hold', until: held.until };
    },
    count: (effect) => counts[effect],
    hold(effect) {
      const until = gate();
      const met = gate();
      holds.push({ effect, until: until.opened, met: met.open });
      return { met: met.opened, letGo: until.open };
    },
    holdAll() {
      const until = gate();
      all = until.opened;
      return () => {
        all = undefined;
        until.open();
      };
    },
  };
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
