import { computed, effect, signal } from '@preact/signals';
import type { World } from '../../src/world/world.ts';
import { world } from '../rack/world.ts';
import { messages } from '../state.ts';
import {
  CHANNEL,
  chooseRouters,
  haltedCommand,
  type Routers,
  type Seen,
  type SeenCard,
  type Step,
  tourSteps,
} from './steps.ts';

/** How far somebody is with the tour. Survives a reload, not another start of the sandbox. */
interface Progress {
  readonly sandbox: number;
  /** Messages up to this timestamp are of an earlier tour. */
  readonly after: number;
  readonly routers: Routers;
  /** How many steps are done: one begins when the one before it is done. */
  readonly done: number;
  readonly isSkipped: boolean;
}

const KEPT = 'tour';
const progress = signal<Progress | null>(null);

const seen = computed<Seen | null>(() => {
  const after = progress.value?.after ?? 0;
  if (world.value === null) return null;
  const fresh = (messages.value.get(CHANNEL) ?? []).filter(({ ts }) => Number(ts) > after);
  return {
    world: world.value,
    wasTold: (beginning) => fresh.some(({ text }) => text.startsWith(beginning)),
    card(command) {
      // A card's plain text ends with who asked, and the command: (<@U01ALICE>: rotate NODE IP)
      const found = fresh.findLast(
        ({ metadata, text }) => metadata?.event_type === 'bgp_change' && text.endsWith(`: ${command})`),
      );
      return found === undefined ? undefined : cardOf(found.text);
    },
  };
});

export const isSkipped = computed(() => progress.value?.isSkipped ?? false);
export const doneSteps = computed(() => progress.value?.done ?? 0);
export const steps = computed<readonly Step[]>(() => {
  if (progress.value === null) return [];
  const { routers } = progress.value;
  return tourSteps(routers, seen.value?.card(haltedCommand(routers))?.id ?? '');
});

export function restartTour(): void {
  if (world.value !== null) keep(begun(world.value));
}

export function skipTour(): void {
  if (progress.value !== null) keep({ ...progress.value, isSkipped: true });
}

effect(() => {
  const now = world.value;
  if (now === null) return;
  const known = progress.peek() ?? kept();
  if (known?.sandbox !== now.startedAtMs) keep(begun(now));
  else if (progress.peek() === null) progress.value = known;
});

effect(() => {
  const [now, at] = [seen.value, progress.value];
  if (now === null || at === null || at.isSkipped) return;
  if (steps.value[at.done]?.isDone(now) === true) keep({ ...at, done: at.done + 1 });
});

/** The sandbox runs on this machine, so that its clock is that of the browser. */
function begun(now: World): Progress {
  return {
    sandbox: now.startedAtMs,
    after: Date.now() / 1000,
    routers: chooseRouters(now),
    done: 0,
    isSkipped: false,
  };
}

function keep(next: Progress): void {
  progress.value = next;
  sessionStorage.setItem(KEPT, JSON.stringify(next));
}

function kept(): Progress | null {
  return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
}

function cardOf(text: string): SeenCard {
  return { icon: text.split(' ')[0] ?? '', id: /\bBGP-\d+/.exec(text)?.[0] ?? '' };
}
