import { isElapsed, isNever } from './elapsed.ts';
import { redactSecrets } from './redact.ts';

export interface LastReset {
  /** As printed, such as `17:26:23`. */
  readonly ago: string;
  readonly reason?: string;
}

interface Found {
  readonly lastReset?: LastReset;
  readonly notification?: string;
}

/** ZebOS: `Last Reset: 17:26:23, due to BGP Notification sent`; FRR: `Last reset 00:01:36,  Notification sent (Cease)`. */
export function lastResetIn(words: readonly string[]): Found {
  const ago = words[2]?.replace(/,$/, '');
  if (ago === undefined || !isElapsed(ago) || isNever(ago)) return {};
  const behind = words.slice(3, 3 + MOST_WORDS);
  const dueTo = behind[0] === 'due' && behind[1]?.startsWith('to') === true;
  const reason = spoken((dueTo ? behind.slice(2) : behind).join(' '));
  const open = reason.toLowerCase().includes('notification') ? reason.indexOf('(') : -1;
  const notification = open === -1 ? '' : unbracketed(reason.slice(open));
  return {
    lastReset: reason === '' ? { ago } : { ago, reason },
    ...(notification !== '' && { notification }),
  };
}

/** `Notification Error Message: (Cease/Administratively Reset.)` */
export function notificationIn(text: string): Found {
  if (!text.toLowerCase().startsWith(ANNOUNCED)) return {};
  const notification = unbracketed(spoken(text.slice(ANNOUNCED.length)));
  return notification === '' ? {} : { notification };
}

const ANNOUNCED = 'notification error message:';
const MOST_WORDS = 24;
const LONGEST = 160;

function spoken(text: string): string {
  return redactSecrets(text.slice(0, LONGEST).trim());
}

function unbracketed(text: string): string {
  const inner = text.startsWith('(') ? text.slice(1) : text;
  return inner.endsWith(')') ? inner.slice(0, -1) : inner;
}
