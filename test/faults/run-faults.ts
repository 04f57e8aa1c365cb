import { type Fault, faultedRun, type Outcome } from './faulted-run.ts';

export interface Row {
  readonly fault: string;
  readonly runs: number;
  /** How it ended, with how often. */
  readonly outcomes: string;
  /** The slowest recovery, in seconds; undefined where nobody was killed. */
  readonly slowestS: number | undefined;
  readonly broken: readonly string[];
}

/** Runs each fault `rounds` times, some side by side, and sums up. */
export async function runFaults(
  faults: readonly Fault[],
  rounds: number,
  sideBySide: number,
): Promise<readonly Row[]> {
  const todo = Array.from({ length: rounds }, () => faults).flat();
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let fault = todo.shift(); fault !== undefined; fault = todo.shift())
      outcomes.push(await outcomeOf(fault));
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  return faults.map(({ name }) =>
    rowOf(
      name,
      outcomes.filter((outcome) => outcome.fault === name),
    ),
  );
}

async function outcomeOf(fault: Fault): Promise<Outcome> {
  try {
    return await faultedRun(fault);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      fault: fault.name,
      state: 'did not run',
      because: why.slice(0, 300),
      recoveredMs: undefined,
      broken: [why.slice(0, 300)],
    };
  }
}

function rowOf(fault: string, outcomes: readonly Outcome[]): Row {
  const states = [...new Set(outcomes.map(({ state }) => state))];
  const counts = states.map((state) => `${outcomes.filter((one) => one.state === state).length} ${state}`);
  const times = outcomes.flatMap(({ recoveredMs }) =>
    recoveredMs === undefined ? [] : [recoveredMs / 1000],
  );
  return {
    fault,
    runs: outcomes.length,
    outcomes: counts.join(', '),
    slowestS: times.length === 0 ? undefined : Math.max(...times),
    broken: [...new Set(outcomes.flatMap(({ broken }) => broken))],
  };
}

/** The table that `npm run faults` prints. */
export function printRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ fault }) => fault.length));
  const lines = rows.map(({ fault, runs, outcomes, slowestS, broken }) => {
    const seconds = slowestS === undefined ? '     –' : `${slowestS.toFixed(1).padStart(5)}s`;
    return `${fault.padEnd(width)}  ${String(runs).padStart(4)}  ${seconds}  ${outcomes}${broken.map((one) => `\n    BROKEN: ${one}`).join('')}`;
  });
  return [`${'fault'.padEnd(width)}  runs  slowest  outcome`, ...lines].join('\n');
}
