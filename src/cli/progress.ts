import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** A record was read; the last one will be `head`. */
  read(seq: number, head: number): void;
  wrote(): void;
  /** Ends with one line that says how many were written. */
  end(): void;
  /** Ends without a word. */
  stop(): void;
}

/** On standard error: a bar where somebody looks at it, one line at the end where nobody does. */
export function showProgress(stderr = process.stderr): Progress {
  const bar = new SingleBar(
    {
      format: 'exporting {bar} {percentage}% · record {value} of {total} · {eta_formatted} left',
      stream: stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  // Where standard output is the same terminal, records and bar would share its lines.
  const seen = stderr.isTTY && !process.stdout.isTTY;
  let first = 0;
  let written = 0;
  const stop = (): void => {
    if (seen && first > 0) bar.stop();
  };
  return {
    read(seq, head) {
      if (first === 0) {
        first = seq;
        if (seen) bar.start(head - first + 1, 0);
      }
      if (seen) bar.update(seq - first + 1);
    },
    wrote() {
      written += 1;
    },
    end() {
      stop();
      stderr.write(`${written === 1 ? '1 record' : `${written} records`}\n`);
    },
    stop,
  };
}
