/** Prints what `judge` found: files, survivors, stale entries, and the total in the last line. */
export function printReport(
  { files, survivors, late, equivalent, percent, stale },
  { tookForMs, leastPercent },
) {
  const width = Math.max(...files.map(({ file }) => file.length));
  for (const { file, mutants, killed } of files)
    say(
      `${file.padEnd(width)} ${String(mutants).padStart(5)} mutants ${share(killed, mutants).padStart(8)} killed`,
    );
  for (const { mutant, ...outcome } of survivors)
    say(
      `\nsurvived${notice(outcome)}: ${mutant.file}:${mutant.line}\n  ${mutant.lineText}\n  ${mutant.change}`,
    );
  for (const { entry, why } of stale)
    say(`\nstale among the equivalent mutants, ${why}: ${entry.file}\n  ${entry.line}\n  ${entry.mutation}`);
  const all = files.reduce((sum, { mutants }) => sum + mutants, 0);
  const perMinute = Math.round((all + equivalent) / (tookForMs / 60_000));
  say(
    `\n${all} mutants, ${all - survivors.length} killed (${late} by time), ${survivors.length} survived; ` +
      `${equivalent} equivalent, not counted; ${perMinute} a minute\n` +
      `${percent.toFixed(1)} % killed, at least ${leastPercent} % wanted`,
  );
}

function notice({ ending, untried }) {
  if (ending === 'not reached') return ', no test reaches it';
  return untried > 0 ? `, ${untried} slow ${untried === 1 ? 'test' : 'tests'} not tried` : '';
}

function share(part, all) {
  return `${((100 * part) / all).toFixed(1)} %`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
