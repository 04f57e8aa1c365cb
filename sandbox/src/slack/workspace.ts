/** Who and what is in the Slack workspace. The control API changes users and groups while it runs. */
export interface Workspace {
  readonly teamId: string;
  readonly teamDomain: string;
  readonly botUser: { readonly id: string; readonly botId: string; readonly appId: string };
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly userGroups: readonly UserGroup[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  /** A guest. */
  readonly isRestricted: boolean;
  /** A guest of one single channel. */
  readonly isUltraRestricted: boolean;
  readonly deleted: boolean;
  readonly isBot: boolean;
  /** Another team's for somebody from Slack Connect. */
  readonly teamId: string;
  readonly tz: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly isPrivate?: boolean;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly users: readonly string[];
}
