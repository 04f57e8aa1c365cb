import { checkCluster } from '../adapters/kubernetes/check-cluster.ts';
import { checkRedis } from '../adapters/redis/check-redis.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { checkSlack } from '../adapters/slack/check-slack.ts';
import { slackClient } from '../adapters/slack/clients.ts';
import { slackPeople } from '../adapters/slack/people.ts';
import type { Right } from '../commands/grammar/declaration.ts';
import { describeAudit, describeOverlaps, describeUnknownValues } from '../config/describe-settings.ts';
import type { Environment } from '../config/environment.ts';
import { refuseUnsatisfiable } from '../domain/authorization/people.ts';
import type { Diagnostic } from '../domain/fault.ts';
import { counted } from '../domain/phrasing.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { approversOf } from '../workflow/people.ts';
import { CONFIG_FAULT, NOT_OK, OK } from './exit-codes.ts';
import { loadSettings } from './load-settings.ts';

/** Checks everything that the bot needs and prints the faults, each with its remedy. NOT_OK if there is one. */
export async function doctor(): Promise<number> {
  const settings = await loadSettings();
  if (settings === undefined) {
    print([{ tone: 'bad', text: 'settings' }]);
    return CONFIG_FAULT;
  }
  const { environment, policy, registry } = settings;
  print([
    {
      tone: 'good',
      text: `settings and policy (${counted(policy.targets.length, 'target')}, ${counted(policy.rules.length, 'rule')})`,
    },
  ]);
  const warnings = [...describeOverlaps(policy.targets), ...describeUnknownValues(policy.targets)];
  print(warnings.map((text) => ({ tone: 'warning', text })));
  print(describeAudit(environment));
  const rights = registry.commands.flatMap((command): readonly Right[] => command.rights);
  const findings = await Promise.all([
    redisFindings(environment),
    checkSlack(environment.slack, policy),
    approverFindings(environment, policy),
    ...policy.targets.map((target) => checkCluster(target, environment, rights)),
  ]);
  const all = findings.flat();
  print(all);
  return all.some(({ tone }) => tone === 'bad') ? NOT_OK : OK;
}

/** Whether the people known to Slack now could give the approvals that each rule requires. */
async function approverFindings(
  { slack }: Pick<Environment, 'slack'>,
  policy: Policy,
): Promise<readonly Diagnostic[]> {
  const client = slackClient(slack, () => undefined);
  const { team_id: teamId = '' } = await client.auth.test().catch(() => ({ team_id: undefined }));
  if (teamId === '') return []; // checkSlack says so.
  const people = slackPeople(client, () => undefined);
  return Promise.all(
    policy.rules
      .filter(({ requiredApprovals }) => requiredApprovals.length > 0)
      .map(async (rule): Promise<Diagnostic> => {
        const unsatisfiable = refuseUnsatisfiable(
          rule,
          await approversOf(rule, [], { policy, people, teamId }),
        );
        if (unsatisfiable === undefined)
          return { tone: 'good', text: `rule "${rule.name}": its approvals can be given` };
        return { tone: 'bad', text: unsatisfiable.sentence, remedy: unsatisfiable.next };
      }),
  );
}

async function redisFindings({ redisUrl: url, redisKeyPrefix }: Environment): Promise<readonly Diagnostic[]> {
  try {
    const redis = await connectRedis(url, () => undefined);
    const { refusals, warnings } = await checkRedis(redis.prompt);
    await redis.close();
    if (refusals.length + warnings.length === 0)
      return [{ tone: 'good', text: `Redis answers and keeps what is written, under {${redisKeyPrefix}}` }];
    return [
      ...refusals.map((text) => ({ tone: 'bad' as const, text })),
      ...warnings.map((text) => ({ tone: 'warning' as const, text })),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it does not answer';
    return [{ tone: 'bad', text: `Redis: ${why}`, remedy: 'See REDIS_URL.' }];
  }
}

const MARK = { good: '✓', warning: '!', bad: '✗' } as const;

function print(findings: readonly Diagnostic[]): void {
  for (const { tone, text, remedy } of findings) {
    process.stdout.write(`${MARK[tone]} ${text}${remedy === undefined ? '' : `\n    ${remedy}`}\n`);
  }
}
