const CLOSED: readonly string[] = ['channel_not_found', 'not_in_channel', 'is_archived'];

/** Whether Slack refuses a channel for good: it is gone, archived, or the bot was removed from it. */
export function isClosedChannel(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('data' in error)) return false;
  const { data } = error;
  return (
    typeof data === 'object' &&
    data !== null &&
    'error' in data &&
    typeof data.error === 'string' &&
    CLOSED.includes(data.error)
  );
}
