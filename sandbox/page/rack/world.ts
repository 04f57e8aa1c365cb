import { effect, signal } from '@preact/signals';
import type { Switch } from '../../src/world/switches.ts';
import type { World } from '../../src/world/world.ts';
import { ask, tell } from '../server.ts';
import { worldVersion } from '../state.ts';
import { describeWorld } from './describe-world.ts';

/** The racks as they were read last; null until the sandbox has them all. */
export const world = signal<World | null>(null);
/** What changed just now: the keys of `describeWorld`. */
export const changed = signal<ReadonlySet<string>>(new Set());
/** What a screen reader is told: at most one text every two seconds. */
export const spoken = signal('');
/** Why the last switch was refused; empty when it was not. */
export const refused = signal('');

/** Breaks or mends something; what came of it is seen in `world`. */
export async function flip(wanted: Switch): Promise<void> {
  const answer = await tell('world', wanted);
  refused.value = answer.ok ? '' : (answer.error ?? 'It was refused.');
  await read();
}

const SHOWN_FOR_MS = 1_600;
const SPOKEN_EVERY_MS = 2_000;
const SENTENCES = 3;

let reading: Promise<void> | undefined;
let again = false;
let fading: ReturnType<typeof setTimeout> | undefined;
const unsaid = new Map<string, string>();

effect(() => {
  if (worldVersion.value > 0) void read();
});

/** One request at a time; what changes meanwhile is read right after it. */
function read(): Promise<void> {
  again = reading !== undefined;
  reading ??= readOnce().finally(() => {
    reading = undefined;
    if (again) void read();
  });
  return reading;
}

async function readOnce(): Promise<void> {
  // A sandbox that is gone is told by the page as a whole, which reads everything anew once it is back.
  const answer = await ask<World | { readonly ok: false }>('world').catch(() => undefined);
  if (answer === undefined) return;
  if ('ok' in answer) {
    setTimeout(() => void read(), 500);
    return;
  }
  const before = world.value;
  world.value = answer;
  if (before !== null && before.startedAtMs === answer.startedAtMs) show(before, answer);
}

function show(before: World, now: World): void {
  const [was, is] = [describeWorld(before), describeWorld(now)];
  const keys = [...is.keys()].filter((key) => was.get(key) !== is.get(key));
  if (keys.length === 0) return;
  changed.value = new Set([...changed.value, ...keys]);
  clearTimeout(fading);
  fading = setTimeout(() => {
    changed.value = new Set();
  }, SHOWN_FOR_MS);
  if (unsaid.size === 0) setTimeout(speak, SPOKEN_EVERY_MS);
  for (const key of keys) unsaid.set(key, is.get(key) ?? '');
}

/** What is over again by then is not told. */
function speak(): void {
  const sentences = [...unsaid.values()];
  unsaid.clear();
  const more = sentences.length - SENTENCES;
  spoken.value = [...sentences.slice(0, SENTENCES), ...(more > 0 ? [`${more} more changes.`] : [])].join(' ');
}
