import type { Person } from '../person.ts';
import { type Refusal, refuseNaming } from '../refusal.ts';
import { named, plainText, reported, type Segment, say } from '../segments.ts';
import { names } from './names.ts';
import { type WallTime, WEEKDAYS, type Weekday, wallTime } from './wall-time.ts';

/** A freeze by the calendar, in the local time of a time zone. */
export type FreezeWindow = {
  readonly reason: string;
  /** Target names; `*`: all. */
  readonly targets: readonly string[];
  /** Verbs; `*`: all that change the cluster. */
  readonly commands: readonly string[];
  /** IANA time zone of the window, such as Europe/Berlin. */
  readonly timeZone: string;
} & (
  | {
      readonly kind: 'weekly';
      readonly days: readonly Weekday[];
      /** `HH:MM`. When `to` is not later than `from`, the window ends on the next day. */
      readonly from: string;
      readonly to: string;
    }
  /** `YYYY-MM-DD HH:MM`, from inclusive, to exclusive. */
  | { readonly kind: 'dated'; readonly from: string; readonly to: string }
);

/** A freeze that somebody declared, until somebody lifts it. */
export interface DeclaredFreeze {
  readonly reason: string;
  readonly by: Person;
  readonly atMs: number;
}

/** Declared freezes by target; `*`: all targets. */
export type DeclaredFreezes = ReadonlyMap<string, DeclaredFreeze>;

export const ALL_TARGETS = '*';

/** The freeze in force: declared by whom, or by the calendar until when. */
export type Frozen =
  | { readonly kind: 'declared'; readonly freeze: DeclaredFreeze }
  | { readonly kind: 'window'; readonly window: FreezeWindow; readonly untilMs: number | undefined };

/** The freeze declared for this target, or for all. */
export function declaredFor(freezes: DeclaredFreezes, target: string): Frozen | undefined {
  const freeze = freezes.get(target) ?? freezes.get(ALL_TARGETS);
  return freeze === undefined ? undefined : { kind: 'declared', freeze };
}

/** The freeze that forbids this verb on this target at this moment. */
export function findFreeze(
  freezes: DeclaredFreezes,
  windows: readonly FreezeWindow[],
  { verb, target, atMs }: { readonly verb: string; readonly target: string; readonly atMs: number },
): Frozen | undefined {
  const declared = declaredFor(freezes, target);
  if (declared !== undefined) return declared;
  const window = windows.find(
    (one) => names(one.targets, target) && names(one.commands, verb) && holdsAt(one, atMs),
  );
  return window === undefined ? undefined : { kind: 'window', window, untilMs: endOf(window, atMs) };
}

/** The refusal: that the target is frozen, why, and what to do: wait, or `breakGlass`, if somebody has the right to it. */
export function frozenRefusal(frozen: Frozen, target: string, breakGlass: string | undefined): Refusal {
  const said = say`Changes of ${reported(target)} are frozen: ${whoFroze(frozen)}.`;
  const wait = frozen.kind === 'declared' ? 'Wait for unfreeze' : 'Do it again then';
  const next =
    breakGlass === undefined
      ? `${wait}.`
      : `${wait}, or have somebody with break-glass rights ${breakGlass}.`;
  return refuseNaming('frozen', said, next);
}

/** `new core routers (@bob, today 10:45)`, or `weekend (until tomorrow 07:00)`. */
export function whoFroze(frozen: Frozen): readonly Segment[] {
  if (frozen.kind === 'declared') {
    const { reason, by, atMs } = frozen.freeze;
    return say`${reported(reason)} (${named(by)}, ${{ kind: 'moment', atMs }})`;
  }
  const { window, untilMs } = frozen;
  if (untilMs === undefined) return say`${reported(window.reason)} (the policy names no end)`;
  const words = inWindowsZone(untilMs, window);
  return say`${reported(window.reason)} (until ${{ kind: 'moment', atMs: untilMs, words }})`;
}

/** The reason without the person: `new core routers`, or `weekend (until Mon 2026-11-30 07:00 Europe/Berlin)`. */
export function describeFrozen(frozen: Frozen): string {
  return frozen.kind === 'declared' ? frozen.freeze.reason : plainText(whoFroze(frozen));
}

function inWindowsZone(atMs: number, { timeZone }: FreezeWindow): string {
  const { weekday, date, time } = wallTime(atMs, timeZone);
  return `${weekday} ${date} ${time} ${timeZone}`;
}

function holdsAt(window: FreezeWindow, atMs: number): boolean {
  const now = wallTime(atMs, window.timeZone);
  if (window.kind === 'dated') {
    const text = `${now.date} ${now.time}`;
    return window.from <= text && text < window.to;
  }
  return weeklyHolds(window, now);
}

function weeklyHolds(
  { days, from, to }: Extract<FreezeWindow, { kind: 'weekly' }>,
  { weekday, time }: WallTime,
): boolean {
  const today = days.includes(weekday);
  if (from < to) return today && from <= time && time < to;
  const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(weekday) + WEEKDAYS.length - 1) % WEEKDAYS.length];
  return (today && from <= time) || (yesterday !== undefined && days.includes(yesterday) && time < to);
}

const MINUTE_MS = 60_000;
const EIGHT_DAYS = 8 * 24 * 60;
const CENTURY = 100 * 366 * 24 * 60;

/** The first minute after the window; undefined when the search finds no end. */
function endOf(window: FreezeWindow, atMs: number): number | undefined {
  const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  const holdsIn = (minutes: number): boolean => holdsAt(window, minuteMs + minutes * MINUTE_MS);
  const end = window.kind === 'dated' ? halve(holdsIn, CENTURY) : step(holdsIn, EIGHT_DAYS);
  return end === undefined ? undefined : minuteMs + end * MINUTE_MS;
}

/** Linear search by the minute, because time zones change their offset. */
function step(holdsIn: (minutes: number) => boolean, most: number): number | undefined {
  for (let ahead = 1; ahead <= most; ahead += 1) if (!holdsIn(ahead)) return ahead;
  return undefined;
}

/** Binary search: the window is in force now, and does not come back once it is over. */
function halve(holdsIn: (minutes: number) => boolean, most: number): number | undefined {
  if (holdsIn(most)) return undefined;
  let [holds, over] = [0, most];
  while (over - holds > 1) {
    const middle = Math.floor((holds + over) / 2);
    if (holdsIn(middle)) holds = middle;
    else over = middle;
  }
  return over;
}
