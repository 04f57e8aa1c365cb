import { z } from 'zod';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PATTERN = /^(\d{1,6})(ms|s|m|h|d)$/;

/** `90s`, `30m`, `1h`, `2d`, as milliseconds. */
export const duration = z
  .string()
  .regex(PATTERN, { error: 'Give a duration such as 90s, 30m, 1h or 2d.' })
  .transform((text) => {
    const [, count = '0', unit = 's'] = PATTERN.exec(text) ?? [];
    return Number(count) * (UNIT_MS[unit] ?? 1_000);
  });
