/** Who was who, and when: kept beside the chat, which knows only how it is now. */
export interface PeopleTruth {
  /** From this moment on (`monotonicMs`). */
  note(userId: string, atMs: number, standing: Standing): void;
  /** Whether somebody was active and in this group at any moment between these two. */
  held(userId: string, group: string, sinceMs: number, untilMs: number): boolean;
  standing(userId: string): Standing;
}

export interface Standing {
  readonly active: boolean;
  readonly groups: readonly string[];
}

const NOBODY: Standing = { active: false, groups: [] };

export function peopleTruth(): PeopleTruth {
  const history = new Map<string, { readonly atMs: number; readonly standing: Standing }[]>();
  return {
    note(userId, atMs, standing) {
      history.set(userId, [...(history.get(userId) ?? []), { atMs, standing }]);
    },
    held(userId, group, sinceMs, untilMs) {
      const all = history.get(userId) ?? [];
      return all.some(({ atMs, standing }, at) => {
        const endMs = all[at + 1]?.atMs ?? Number.POSITIVE_INFINITY;
        return atMs <= untilMs && endMs >= sinceMs && standing.active && standing.groups.includes(group);
      });
    },
    standing: (userId) => history.get(userId)?.at(-1)?.standing ?? NOBODY,
  };
}
