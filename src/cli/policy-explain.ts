import { systemClock } from '../adapters/process.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { redisKeys } from '../adapters/redis/keys.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { slackClient } from '../adapters/slack/clients.ts';
import { slackPeople } from '../adapters/slack/people.ts';
import { approvingGroups, describeRequiredApprovals } from '../domain/policy/required-approvals.ts';
import { duration } from '../domain/times.ts';
import { type Explanation, explain } from '../workflow/requests/explain.ts';
import { CONFIG_FAULT, NOT_OK, OK, UNREACHABLE } from './exit-codes.ts';
import { loadSettings } from './load-settings.ts';

/**
 * Prints what the policy says if this user typed this command now. Exit code 0: allowed; 1: not; 69, 78: it could not be
 * determined.
 */
export async function policyExplain(asked: {
  readonly user: string;
  readonly command: string;
  readonly channel?: string;
}): Promise<number> {
  const settings = await loadSettings();
  if (settings === undefined) return CONFIG_FAULT;
  const { environment, policy, registry } = settings;
  const complain = (words: string): void => void process.stderr.write(`${words}\n`);
  const client = slackClient(environment.slack, () => undefined);
  try {
    const { team_id: teamId = '' } = await client.auth.test();
    const redis = await connectRedis(environment.redisUrl, () => undefined);
    try {
      const explained = await explain(
        {
          person: { userId: asked.user, teamId },
          channel: asked.channel ?? policy.channels[0] ?? '',
          text: withoutSlash(asked.command, policy.command),
        },
        {
          policy,
          registry,
          people: slackPeople(client, complain),
          store: redisStore(redis.prompt, redisKeys(environment.redisKeyPrefix)),
          teamId,
          clock: systemClock,
        },
      );
      process.stdout.write(`${linesOf(asked, explained).join('\n')}\n`);
      return explained.refusal === undefined ? OK : NOT_OK;
    } finally {
      await redis.close();
    }
  } catch (error) {
    complain(`Slack or Redis did not answer: ${error instanceof Error ? error.message : String(error)}`);
    return UNREACHABLE;
  }
}

function linesOf(
  { user, command }: { readonly user: string; readonly command: string },
  { membership, rule, refusal }: Explanation,
): readonly string[] {
  const groups = [...membership].sort().join(', ') || 'none';
  const verdict =
    refusal === undefined
      ? [`✓ ${user} may: ${command}`]
      : [
          `✗ ${user} may not: ${command}`,
          `  ${refusal.sentence}`,
          `  ${refusal.next}`,
          `  ${refusal.reasonCode}`,
        ];
  return [...verdict, `  groups: ${groups}`, ...(rule === undefined ? [] : ruleLines(rule))];
}

function ruleLines(rule: NonNullable<Explanation['rule']>): readonly string[] {
  const { name, ask, requiredApprovals, breakGlass, approveByMs, executeByMs } = rule;
  const approval =
    requiredApprovals.length === 0
      ? ['  approval: none needed']
      : [
          `  approval: ${describeRequiredApprovals(requiredApprovals)}, never the requester`,
          `  deadlines: approve within ${duration(approveByMs)}, start within ${duration(executeByMs)} after that`,
          `  reviewed and rejected by: ${approvingGroups(requiredApprovals).join(', ')}`,
        ];
  return [
    `  rule: "${name}", requests allowed to: ${ask.join(', ')}`,
    ...approval,
    ...(breakGlass.length === 0 ? [] : [`  break-glass: ${breakGlass.join(', ')}`]),
  ];
}

/** `/bgp rotate …` as well as `rotate …`. */
function withoutSlash(text: string, slash: string): string {
  return text.startsWith(`${slash} `) ? text.slice(slash.length + 1) : text;
}
