import { signal } from '@preact/signals';

const KEY = 'read up to';

/** By person and channel, the timestamp of the last message that was read. Kept by the browser, so that a reload knows it. */
export const readMarks = signal<Readonly<Record<string, number>>>(kept());

/** Undefined where this person never saw this channel. */
export function readUpTo(person: string, channel: string): number | undefined {
  return readMarks.value[`${person} ${channel}`];
}

/** Never goes back: what was read stays read. */
export function markRead(person: string, channel: string, ts: number): void {
  if (ts <= (readMarks.peek()[`${person} ${channel}`] ?? -1)) return;
  // Another tab may be another person, and have read something meanwhile.
  readMarks.value = { ...readMarks.peek(), ...kept(), [`${person} ${channel}`]: ts };
  localStorage.setItem(KEY, JSON.stringify(readMarks.value));
}

function kept(): Readonly<Record<string, number>> {
  try {
    const marks: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return Object.fromEntries(
      Object.entries(typeof marks === 'object' && marks !== null ? marks : {}).filter(
        ([, ts]) => typeof ts === 'number',
      ),
    );
  } catch {
    // Somebody else wrote it: what was read is not known any more.
    return {};
  }
}
