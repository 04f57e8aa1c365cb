import type { ChangeCommand } from '../../../src/commands/grammar/declaration.ts';
import type { CommandRegistry } from '../../../src/commands/registry.ts';
import { type AuditRecord, chain, GENESIS } from '../../../src/domain/audit/record.ts';
import type { Target } from '../../../src/domain/bgp/target.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import { digestOf, type Plan } from '../../../src/domain/change/plan.ts';
import type { DeclaredFreeze } from '../../../src/domain/policy/freeze.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import type { Append, AppendOutcome, Store } from '../../../src/ports/store.ts';
import { carryOut } from '../../../src/workflow/execution/carry-out.ts';
import { openLedger } from '../../../src/workflow/ledger.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';
import type { DrivenClock, Rack } from './a-rack.ts';

const ALICE = { userId: 'U01ALICE', teamId: 'T01RACK' };

/** A worker with one approved change, a store in memory, and a lease that a test can take away. */
export interface Worker {
  readonly records: AuditRecord[];
  change(): Change;
  /** Appends as somebody else would. */
  edit(change: Partial<Change>): void;
  freeze(freeze: DeclaredFreeze): void;
  loseLease(): void;
  /** Its time is up by the clock of this worker, which has not heard of it yet. */
  leaseIsOver: boolean;
  /** From now on the store answers nothing. */
  loseStore(): void;
  /** Called before each append is carried out, with the event of its record. */
  onAppend: (event: string) => Promise<void>;
  /** What the policy says of the target. */
  target: Target;
  /** Runs the job until it ends; a new lease each time. */
  run(): Promise<Change>;
}

export function aWorker(clock: DrivenClock, rack: Rack, parts: Partial<Plan>): Worker {
  const plan = aPlan(parts);
  let change = anApproved(plan);
  const records: AuditRecord[] = [];
  const freezes = new Map<string, DeclaredFreeze>();
  let lost = new AbortController();
  let isAway = false;
  const answers = (): void => {
    if (isAway) throw new Error('Redis is away');
  };
  const store: Store = {
    newChangeId: unused,
    records: unused,
    async change() {
      answers();
      return change;
    },
    recentChanges: async () => [change],
    changeIds: async () => [change.id],
    unreadable: () => ({ changes: [], records: [] }),
    freezes: async () => freezes,
    scopeHolders: async () => [],
    async append({ record, change: moved }: Append): Promise<AppendOutcome> {
      answers();
      await worker.onAppend(record.event);
      if (lost.signal.aborted) return { kind: 'fence_lost' };
      if (moved !== undefined && moved.expectedVersion !== change.version)
        return { kind: 'version_conflict' };
      change = moved?.next ?? change;
      const appended = chain(record, records.length + 1, records.at(-1)?.hash ?? GENESIS);
      records.push(appended);
      return { kind: 'appended', record: appended };
    },
    async *latestRecords() {
      yield* records.toReversed();
    },
  };
  const worker: Worker = {
    records,
    change: () => change,
    edit(more) {
      change = { ...change, ...more, version: change.version + 1 };
    },
    freeze: (freeze) => void freezes.set(TARGET.name, freeze),
    loseLease: () => lost.abort(),
    leaseIsOver: false,
    loseStore() {
      isAway = true;
    },
    onAppend: async () => undefined,
    target: TARGET,
    async run() {
      lost = new AbortController();
      worker.leaseIsOver = false;
      const lease = {
        fence: { scope: 'rack', token: 1, owner: 'this test' },
        lost: lost.signal,
        held: () => !lost.signal.aborted && !worker.leaseIsOver,
        release: async () => undefined,
      };
      const bot: Parameters<typeof carryOut>[1] = {
        policy: { ...POLICY, targets: [worker.target] },
        registry: registryOf(plan),
        clusters: new Map([[TARGET.name, rack]]),
        people: { accountStatus: async () => ACTIVE, members: unused },
        pendingQueries: { keep: unused, find: unused, forget: unused },
        refusals: { note: unused },
        replies: { reply: unused },
        store,
        ledger: openLedger(store, clock),
        leases: { acquire: async () => lease },
        clock,
        readImpact: unused,
        newId: () => 'id-1',
        teamId: ALICE.teamId,
      };
      await carryOut(change.id, bot, new AbortController().signal);
      return change;
    },
  };
  return worker;
}

const ACTIVE = { deactivated: false, bot: false, guest: false, teamId: ALICE.teamId };

const POLICY: Policy = {
  command: '/bgp',
  channels: ['C01CHANGES'],
  auditChannel: '',
  targets: [TARGET],
  groups: new Map(),
  rules: [
    {
      name: 'everything',
      commands: ['*'],
      targets: ['*'],
      ask: ['*'],
      requiredApprovals: [],
      breakGlass: [],
      approveByMs: 3_600_000,
      executeByMs: 1_800_000,
      waiveRollback: false,
    },
  ],
  freezes: [],
};

/** One verb, which always plans the same. */
function registryOf(plan: Plan): CommandRegistry {
  const command: ChangeCommand = {
    kind: 'change',
    verb: plan.verb,
    summary: '',
    forms: [],
    flags: [],
    examples: [],
    rights: [],
    read: () => () => plan,
  };
  return { commands: [command], find: () => command };
}

function unused(): never {
  throw new Error('carrying out a change has no use for this');
}

function aPlan(parts: Partial<Plan>): Plan {
  return {
    verb: 'rotate',
    target: TARGET.name,
    namespace: TARGET.namespace,
    differences: [],
    restarts: [],
    strategy: parts.restarts === undefined ? 'none' : 'rolling',
    cluster: {
      uid: 'uid-of-kube-system',
      tmm: { namespace: TARGET.tmm.namespace, selector: TARGET.tmm.selector },
      lookups: {},
    },
    tmmCount: 2,
    allowOutage: false,
    warnings: [],
    ...parts,
  };
}

function anApproved(plan: Plan): Change {
  return {
    id: 'BGP-1',
    version: 1,
    state: 'approved',
    plan,
    digest: digestOf(plan),
    parsed: { verb: plan.verb, args: [], flags: {} },
    requester: ALICE,
    authors: [ALICE],
    channel: 'C01CHANGES',
    requiredApprovals: [],
    breakGlass: [],
    decisions: [],
    createdAtMs: 0,
    approveByMs: 0,
    executeWithinMs: 0,
    journal: [],
  };
}
