import { expect, test } from '@jest/globals';
import { FAULTS } from './faults.ts';
import { printRows, runFaults } from './run-faults.ts';

const rounds = Number(process.env.FAULT_ROUNDS ?? 1);
const sideBySide = Number(process.env.FAULTS_SIDE_BY_SIDE ?? 3);
const only = process.env.FAULTS_ONLY ?? '';

test(`every fault, ${rounds} times: nothing is lost and nothing is done twice`, async () => {
  const rows = await runFaults(
    FAULTS.filter(({ name }) => name.includes(only)),
    rounds,
    sideBySide,
  );
  process.stdout.write(`\n${printRows(rows)}\n`);
  expect(rows.flatMap(({ fault, broken }) => broken.map((one) => `${fault}: ${one}`))).toEqual([]);
  expect(Math.max(0, ...rows.map(({ slowestS }) => slowestS ?? 0))).toBeLessThan(10);
});
