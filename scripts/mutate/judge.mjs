/**
 * What the outcomes say: `files` (`{ file, mutants, killed }`, without equivalent mutants), `survivors`, `late` (how
 * many were killed by time), `equivalent` (how many were left out), `percent` killed, and the `stale` entries of
 * equivalents, each with `why`.
 */
export function judge(outcomes, { mutants, equivalents }) {
  const isEquivalent = ({ mutant }) => equivalents.some((entry) => isAbout(entry, mutant));
  const counted = outcomes.filter((outcome) => isKilled(outcome) || !isEquivalent(outcome));
  const killed = counted.filter(isKilled);
  return {
    files: [...new Set(counted.map(({ mutant }) => mutant.file))].map((file) => ({
      file,
      mutants: counted.filter(({ mutant }) => mutant.file === file).length,
      killed: killed.filter(({ mutant }) => mutant.file === file).length,
    })),
    survivors: counted.filter((outcome) => !isKilled(outcome)),
    late: killed.filter(({ ending }) => ending === 'timeout').length,
    equivalent: outcomes.length - counted.length,
    percent: counted.length === 0 ? 100 : (100 * killed.length) / counted.length,
    stale: equivalents.flatMap((entry) => staleness(entry, mutants, outcomes)),
  };
}

function isKilled({ ending }) {
  return ending === 'killed' || ending === 'timeout' || ending === 'crash';
}

function isAbout({ file, line, mutation }, mutant) {
  return file === mutant.file && line === mutant.lineText && mutation === mutant.change;
}

/** The same line may stand in a file twice: an entry is about all such mutants, and stale once each of them is killed. */
function staleness(entry, mutants, outcomes) {
  if (!mutants.some((mutant) => isAbout(entry, mutant))) return [{ entry, why: 'there is no such mutant' }];
  const tried = outcomes.filter(({ mutant }) => isAbout(entry, mutant));
  return tried.length > 0 && tried.every(isKilled) ? [{ entry, why: 'a test kills it' }] : [];
}
