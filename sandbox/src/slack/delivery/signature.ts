import { createHmac } from 'node:crypto';

/** Slack's v0 signature of a request. https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signature(secret: string, timestampSec: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`v0:${timestampSec}:${body}`).digest('hex');
  return `v0=${digest}`;
}
