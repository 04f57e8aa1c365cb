import type { SessionVerdict } from '../domain/zebos/judge-session.ts';

/** One session in a few words; down, absent and unknown are never mixed up. */
export function describeSession(verdict: SessionVerdict): string {
  switch (verdict.kind) {
    case 'established':
      return `Established, ${verdict.prefixes} ${verdict.prefixes === 1 ? 'prefix' : 'prefixes'}`;
    case 'down':
      return verdict.detail === undefined ? verdict.state : `${verdict.state} ${verdict.detail}`;
    case 'absent':
      return 'absent: not configured in the pod';
    case 'unknown':
      return `unknown: ${verdict.why}`;
  }
}
