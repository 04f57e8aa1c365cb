import type { AccountStatus, Person } from '../domain/person.ts';

/** What the chat knows of people, asked anew at each decision (cached for at most 60 s). */
export interface People {
  /** Undefined when it could not be asked: then the answer is no. */
  accountStatus(person: Person): Promise<AccountStatus | undefined>;
  /** User ids in a user group; undefined when it could not be asked. */
  members(userGroup: string): Promise<readonly string[] | undefined>;
}
