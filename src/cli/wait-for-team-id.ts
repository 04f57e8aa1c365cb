import { systemClock } from '../adapters/process.ts';

const POLL_MS = 500;

interface KnownTeam {
  find(): Promise<string | null>;
  keep(team: string): Promise<void>;
}

/**
 * The bot's team: from Slack; if Slack refuses the token now, from another replica or an earlier start, so that running changes
 * continue; otherwise once Slack accepts the token. Undefined when the bot is stopped before that.
 */
export async function waitForTeamId(
  slack: { teamId(): string | undefined },
  known: KnownTeam,
  stopping: AbortSignal,
): Promise<string | undefined> {
  for (;;) {
    const team = slack.teamId();
    // A Redis that rejects writes keeps an earlier one.
    if (team !== undefined) await known.keep(team).catch(() => undefined);
    const found = team ?? (await known.find()) ?? undefined;
    if (found !== undefined || stopping.aborted) return found;
    await systemClock.sleep(POLL_MS, stopping);
  }
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
