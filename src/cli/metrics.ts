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
    gauge('ready', '1 if this replica can accept and carry out work.', [[{}, ready]]),
    gauge('slack_silence_seconds', 'Seconds since Slack could last reach this replica; 0 while it can.', [
      [{}, slack.silenceMs / 1_000],
    ]),
    gauge(
      'slack_token_refused',
      '1 for each token that Slack refuses, by setting and Slack error code.',
      slack.refusals.map(({ token, code }) => [{ token, code }, true]),
    ),
    gauge('redis_writable', '1 if Redis accepts writes.', [[{}, redisWritable]]),
    gauge('unreadable', 'Stored changes and records that this release could not read since it started.', [
      [{}, unreadable],
    ]),
    gauge('workers_running', '1 if the workers of this replica accept jobs.', [[{}, workersRunning]]),
    gauge(
      'consumer_stalled_seconds',
      'Seconds since a consumer of the audit records last made progress; 0 while it does.',
      consumers.map(({ name, stalledForMs }) => [{ consumer: name }, stalledForMs / 1_000]),
    ),
    gauge(
      'target_in_sync',
      '1 if the watches of a target are in sync.',
      perTarget.map(([target, { inSync }]) => [{ target }, inSync]),
    ),
    gauge(
      'target_watch_age_seconds',
      'Seconds since the last sign of life of the quietest watch of a target.',
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
