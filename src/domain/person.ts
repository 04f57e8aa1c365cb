/** Who somebody is: the Slack user id together with the team id. Names are for display only. */
export interface Person {
  readonly userId: string;
  readonly teamId: string;
}

/** What Slack says about a person at this moment. */
export interface AccountStatus {
  readonly deactivated: boolean;
  readonly bot: boolean;
  readonly guest: boolean;
  /** `null` when Slack knows them in another team than the one asked about. */
  readonly teamId: string | null;
}

export function samePerson(one: Person, other: Person): boolean {
  return one.userId === other.userId && one.teamId === other.teamId;
}
