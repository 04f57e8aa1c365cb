import { z } from 'zod';
import { isNodeName } from '../domain/bgp/mapping.ts';
import type { RequiredApproval } from '../domain/policy/required-approvals.ts';
import { freezeWindow } from './freeze-schema.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PATTERN = /^(\d{1,6})(ms|s|m|h|d)$/;

/** `90s`, `30m`, `1h`, `2d`, as milliseconds. */
const duration = z
  .string()
  .regex(PATTERN, { error: 'Give a duration such as 90s, 30m, 1h or 2d.' })
  .transform((text) => {
    const [, count = '0', unit = 's'] = PATTERN.exec(text) ?? [];
    return Number(count) * (UNIT_MS[unit] ?? 1_000);
  });

const channel = z.string().regex(/^[CG][A-Z0-9]{2,}$/, {
  error: "Give the channel's id, such as C01CHANGES: Slack shows it in the channel's details.",
});
const user = z.string().regex(/^[UW][A-Z0-9]{2,}$/, {
  error: 'Give the user id, such as U01ALICE: names can be changed by their owners.',
});
const userGroup = z.string().regex(/^S[A-Z0-9]{2,}$/, { error: 'Give the user group id, such as S02LEADS.' });
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'Give a name of lower case letters, digits and -.' });
const namespace = z.string().refine(isNodeName, { error: 'Give the name of a namespace.' });

const target = z
  .strictObject({
    name: name.describe('How people call this SPK instance, in --target and on cards.'),
    context: z.string().optional().describe('Context of the kubeconfig; the current one when absent.'),
    namespace: namespace.describe('Namespace of the BIG-IP Controller: the lookup ConfigMaps live there.'),
    tmm: z
      .strictObject({
        namespace: namespace
          .optional()
          .describe('Namespace of the TMM pods; that of the target when absent.'),
        selector: z.string().min(1).default('app=f5-tmm').describe('Label selector of the TMM pods.'),
        container: name.default('f5-tmm-routing').describe('The container that has imish.'),
      })
      .prefault({})
      .describe('Where the TMM pods are.'),
    separator: z
      .string()
      .regex(/^[,; \n]{1,3}$/, { error: 'Give a comma, a blank, a semicolon or a newline.' })
      .default(',')
      .describe('Written between addresses where the ConfigMap shows no style of its own.'),
    timeouts: z
      .strictObject({
        eviction: duration.default(120_000).describe('How long a PodDisruptionBudget may block an eviction.'),
        successor: duration.default(300_000).describe('How long a new TMM pod may take to be Ready.'),
        session: duration.default(180_000).describe('How long BGP may take to be Established.'),
        hold: duration
          .default(10_000)
          .describe('How long a session has to be Established before it counts as back.'),
      })
      .prefault({})
      .describe('How long each check waits before it halts a change.'),
    watchEvery: duration
      .default(60_000)
      .describe(
        'How often sessions and mapping are checked between changes; what two checks in a row find is announced.',
      ),
    bgp: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("The controller's bgp values, in Helm's own shape."),
    values: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Instead of bgp: the whole Helm values, as they are.'),
    valuesPath: z.string().optional().describe('Where bgp is in them; looked for when absent.'),
  })
  .refine(({ bgp, values }) => (bgp === undefined) !== (values === undefined), {
    error: 'Give either bgp or values.',
  });

const group = z
  .strictObject({
    users: z.array(user).default([]).describe('User ids.'),
    userGroups: z.array(userGroup).default([]).describe('Slack user groups, looked up at each decision.'),
    quiet: z
      .boolean()
      .default(false)
      .describe('These approvers are named on a change that waits for them, but not @-mentioned.'),
  })
  .refine(({ users, userGroups }) => users.length + userGroups.length > 0, {
    error: 'Name at least one user or user group.',
  });

const count = z.int().min(1).max(10);

/** `[leads, network]` with `approvals`, or `{ network: 1, platform: 1 }`: a number for each group. */
const approve = z.union([z.array(z.string()), z.record(z.string(), count)], {
  error: 'Give a list of groups, or how many of each: { network: 1, platform: 1 }.',
});

const rule = z.strictObject({
  name: z.string().min(1).max(60).describe('Shown to people the rule refuses.'),
  commands: z
    .array(z.string())
    .min(1)
    .describe('Verbs, or *. The first rule that names the verb and the target decides.'),
  targets: z.array(z.string()).min(1).default(['*']).describe('Names of targets, or *.'),
  ask: z
    .array(z.string())
    .min(1)
    .describe('Groups whose members may request it, or * for every full member.'),
  approve: approve
    .default([])
    .describe(
      'Groups whose members may approve, or how many of each group must; never the requester. Leave out for queries that need no approval.',
    ),
  approvals: count
    .optional()
    .describe('How many distinct people of a list of groups must approve; 1 when absent.'),
  breakGlass: z
    .array(z.string())
    .default([])
    .describe(
      'Groups whose members may run a change without approval and in a freeze, announced to everybody.',
    ),
  approveBy: duration.default(3_600_000).describe('How long it may wait for approval.'),
  waiveRollback: z
    .boolean()
    .default(false)
    .describe('Rolling back a change that halted needs no approval of its own.'),
  executeBy: duration.default(1_800_000).describe('How long after approval it may still start.'),
});

/** The policy file; see deploy/policy.example.yaml. */
export const POLICY_FILE = z.strictObject({
  command: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, { error: 'Give the slash command, such as /bgp.' })
    .default('/bgp')
    .describe('The slash command.'),
  channels: z.array(channel).min(1).describe('Channels in which commands are accepted.'),
  auditChannel: channel.describe('Channel of the audit notices.'),
  targets: z.array(target).min(1).describe('The SPK instances.'),
  groups: z.record(name, group).describe('People, by user id and by Slack user group.'),
  rules: z
    .array(rule)
    .min(1)
    .describe('Who may request what, and who approves it. What no rule allows is denied.'),
  freezes: z.array(freezeWindow).default([]).describe('When nothing may be changed, by the calendar.'),
});

/** The content of deploy/policy.schema.json, for editors. */
export function policyJsonSchema(): object {
  return z.toJSONSchema(POLICY_FILE, { io: 'input', unrepresentable: 'any' });
}

/** The required approvals in the policy file's syntax. */
export interface FileApproval {
  readonly approve: readonly string[] | Readonly<Record<string, number>>;
  readonly approvals?: number | undefined;
}

/** `[leads]` with `approvals: 2` is two of leads; `{ network: 1, platform: 1 }` is one of each. */
export function requiredApprovalsOf({ approve, approvals = 1 }: FileApproval): readonly RequiredApproval[] {
  if (isList(approve)) return approve.length === 0 ? [] : [{ groups: approve, count: approvals }];
  return Object.entries(approve).map(([group, count]) => ({ groups: [group], count }));
}

function isList(approve: FileApproval['approve']): approve is readonly string[] {
  return Array.isArray(approve);
}

const names = z.array(z.string());

const lenientTarget = z.looseObject({
  name: z.string().catch(''),
  bgp: z.unknown().optional(),
  values: z.unknown().optional(),
  valuesPath: z.string().optional().catch(undefined),
});

/** A lenient schema, for checking the rest of an invalid policy file. */
export const LENIENT_POLICY = z.looseObject({
  targets: z.array(lenientTarget).catch([]),
  groups: z
    .record(z.string(), z.looseObject({ users: names.catch([]), userGroups: names.catch([]) }))
    .catch({}),
  rules: z
    .array(
      z.looseObject({
        commands: names.catch([]),
        targets: names.catch(['*']),
        ask: names.catch([]),
        approve: z.union([names, z.record(z.string(), z.number())]).catch([]),
        approvals: z.number().optional().catch(undefined),
        breakGlass: names.catch([]),
      }),
    )
    .catch([]),
  freezes: z.array(z.looseObject({ targets: names.catch(['*']), commands: names.catch(['*']) })).catch([]),
});

export type LenientTarget = z.output<typeof lenientTarget>;
export type LenientPolicy = z.output<typeof LENIENT_POLICY>;
