// Measures that the readers of router output take linear time, also for output that was made to be slow to read.
// By itself: `node bench/readers.mjs`; with everything else: `npm run bench`.
import { fileURLToPath } from 'node:url';
import { readBfd } from '../dist/domain/zebos/read-bfd.js';
import { readNeighbors } from '../dist/domain/zebos/read-neighbors.js';
import { readRoutes } from '../dist/domain/zebos/read-routes.js';
import { readRunningConfig } from '../dist/domain/zebos/read-running-config.js';
import { readSummary } from '../dist/domain/zebos/read-summary.js';
import { redactSecrets } from '../dist/domain/zebos/redact.js';

const SHORT = 10_000;
const TIMES = 4;
/** Time that is linear grows by `TIMES`, quadratic time by its square; between the two is what the machine adds. */
const MAX_GROWTH = 9;

const HEADER = 'Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd\n';

/** What a hostile output repeats. */
const PIECES = [
  ' ',
  '0',
  '4 ',
  '(',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '-',
  '--More',
  '\u001b',
  '\u001b[',
  '\u001b[0',
  '\u001b]',
  '\u00a0',
  ':',
  '1:',
  'a>',
  '[',
  '1d',
  'neighbor ',
  'neighbor x password\n',
  'password ',
  'password\r',
  'pass word ',
  '% ',
  'no ',
  'Neighbor V AS ',
  '10.0.0.1\n',
  '10.0.0.1 4 1 ',
  '10.0.0.1\n4\n',
  '10.0.0.1 4 1 0 0 0 0 0 never Idle\n(\n',
  'eth0\n4 1\n',
  'router bgp 1\n',
  'router bgp 1\n neighbor g peer-group\n',
  'BGP neighbor is 10.0.0.1\n',
  '1 accepted prefixes ',
  '1 1 IPv4 Up ',
  '1 1 IPv4 Up 2001:db8:\n',
  'a',
  'peer ',
  'peer 10.0.0.1\n',
  'Remote Address : ',
  'Session Interface Index\n',
  '*>',
  '*> 10.0.0.0/8\n',
  'Instance a:\n',
  '2001:db8:1:1:1:1:1:14 1\n',
  ' neighbor 10.0.0.1\n  ',
];

/** Readers, and what has to precede an output for them to read it as theirs. */
const READERS = [
  [readSummary, HEADER],
  [readRunningConfig, 'router bgp 1\n'],
  [readNeighbors, 'BGP neighbor is 10.0.0.1\n'],
  [redactSecrets, 'neighbor x password '],
  [readBfd, 'Sess-Idx\n'],
  [readBfd, 'BFD Peers:\n'],
  [readRoutes, '*> 10.0.0.0/8 0.0.0.0 0 32768 i\n'],
];

/** Prints one line for each thing that has a bound by `report(what, value, bound, unit)`. */
export function benchReaders(report) {
  const grown = PIECES.map((piece) => {
    const read = (length) => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      for (const [reader, begins] of READERS) for (const before of ['', begins]) reader(before + text);
    };
    return growth(read);
  });
  report(
    `reading ${TIMES} times as much of ${PIECES.length} hostile outputs, worst`,
    Math.max(...grown),
    MAX_GROWTH,
    'times',
  );
  report(`reading ${TIMES} times as many peers`, growth(readPeers), MAX_GROWTH, 'times');
}

/** A summary and a configuration of so many characters, each line about another peer. */
function readPeers(length) {
  const peers = Array.from({ length: length / 10 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  readSummary(HEADER + peers.map((peer) => `${peer} 4 1 0 0 0 0 0 00:00:01 1\n`).join(''));
  readRunningConfig(`router bgp 1\n${peers.map((peer) => ` neighbor ${peer} remote-as 2\n`).join('')}end\n`);
}

/** How many times as long `read` takes for `TIMES` the length; the least of a few attempts, since the first ones compile. */
function growth(read) {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && least > TIMES; attempt += 1)
    least = Math.min(least, processorMs(() => read(SHORT * TIMES)) / processorMs(() => read(SHORT)));
  return least;
}

/** What this process computed, whatever else keeps the machine busy. */
function processorMs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = [];
  benchReaders((what, value, bound, unit) => {
    results.push(value <= bound);
    process.stdout.write(
      `${value <= bound ? '✓' : '✗'} ${what}: ${value.toFixed(1)} ${unit} (bound ${bound} ${unit})\n`,
    );
  });
  process.exitCode = results.every((held) => held) ? 0 : 1;
}
