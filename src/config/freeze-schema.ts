import { z } from 'zod';
import type { FreezeWindow } from '../domain/policy/freeze.ts';
import { isTimeZone, WEEKDAYS } from '../domain/policy/wall-time.ts';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const CALENDAR = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d$/;
const MIDNIGHT = '00:00';

/** A freeze of the policy file: weekly with `days`, otherwise between two dates. */
export const freezeWindow = z
  .strictObject({
    reason: z.string().min(1).max(200).describe('The reason, shown to people it blocks.'),
    targets: z.array(z.string()).min(1).default(['*']).describe('Names of targets, or *.'),
    commands: z.array(z.string()).min(1).default(['*']).describe('Verbs that change the cluster, or *.'),
    timeZone: z
      .string()
      .refine(isTimeZone, { error: 'Give a time zone such as Europe/Berlin or UTC.' })
      .describe('IANA time zone of the window.'),
    days: z.array(z.enum(WEEKDAYS)).min(1).optional().describe('Weekdays on which it begins.'),
    from: z
      .string()
      .optional()
      .describe('When it begins: "18:00" with days (00:00 when absent), "2026-12-19 00:00" without.'),
    to: z
      .string()
      .optional()
      .describe('When it ends: "07:00" with days, on the next day when not later than from; else a date.'),
  })
  .superRefine(({ days, from, to }, context) => {
    const fault = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const [shape, remedy] =
      days === undefined
        ? ([CALENDAR, 'Give a day and a time in quotes, such as "2026-12-19 00:00"; or days.'] as const)
        : ([CLOCK, 'Give a time in quotes, such as "18:00".'] as const);
    const texts = { from, to };
    for (const [path, text] of Object.entries(texts)) {
      const fits = text === undefined ? days !== undefined : shape.test(text);
      if (!fits) fault(path, remedy);
    }
    if (days === undefined && from !== undefined && to !== undefined && from >= to)
      fault('to', 'It ends before it begins.');
  });

/** Converts a freeze to the domain's type. */
export function readFreeze({
  days,
  from = MIDNIGHT,
  to = MIDNIGHT,
  ...freeze
}: z.output<typeof freezeWindow>): FreezeWindow {
  return days === undefined
    ? { ...freeze, kind: 'dated', from, to }
    : { ...freeze, kind: 'weekly', days, from, to };
}
