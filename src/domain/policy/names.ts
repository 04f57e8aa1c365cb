/** Whether a list of the policy names it; `*` names everything. */
export function names(listed: readonly string[], name: string): boolean {
  return listed.includes('*') || listed.includes(name);
}
