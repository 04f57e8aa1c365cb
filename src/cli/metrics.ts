import type { Health } from './health.ts';

/** The health of this replica in Prometheus's text format. */
export function metricsText({
  ready,
  slack,
  redisWritable,
  consumers,
  workersRunning,
  unreadable,
  targets,
}: Health): string {
  const perTarget = Object.entries(targets);
  return [
    gauge('ready', 'Whether this replica can take and do work.', [[{}, ready]]),
    gauge('slack_silence_seconds', 'Since Slack could last reach this replica.', [
      [{}, slack.silenceMs / 1_000],
    ]),
    gauge(
      'slack_token_refused',
      'A token that Slack refuses, by its setting and the code that Slack gives.',
      slack.refusals.map(({ token, code }) => [{ token, code }, true]),
    ),
    gauge('redis_writable', 'Whether Redis takes writes.', [[{}, redisWritable]]),
    gauge('unreadable', 'Stored changes and records that this release cannot read, since it started.', [
      [{}, unreadable],
    ]),
    gauge('workers_running', 'Whether the workers of this replica take jobs.', [[{}, workersRunning]]),
    gauge(
      'consumer_stalled_seconds',
      'Since a consumer of the audit records last got on; 0 while it does.',
      consumers.map(({ name, stalledForMs }) => [{ consumer: name }, stalledForMs / 1_000]),
    ),
    gauge(
      'target_in_sync',
      'Whether the watches of a target are in sync.',
      perTarget.map(([target, { inSync }]) => [{ target }, inSync]),
    ),
    gauge(
      'target_watch_age_seconds',
      'Age of the oldest watch of a target.',
      perTarget.map(([target, { watchAgeMs }]) => [{ target }, watchAgeMs / 1_000]),
    ),
  ].join('');
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | boolean];

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  const full = `tor_bgp_bot_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labelText(labels)} ${numberText(Number(value))}`);
  return `${[`# HELP ${full} ${help}`, `# TYPE ${full} gauge`, ...lines].join('\n')}\n`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : '+Inf';
}
