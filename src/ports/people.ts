import type { Person, Standing } from '../domain/person.ts';

/** What the chat knows of people, asked anew at each decision (cached for at most 60 s). */
export interface People {
  /** Undefined when it could not be asked: then the answer is no. */
  standing(person: Person): Promise<Standing | undefined>;
  /** User ids in a user group; undefined when it could not be asked. */
  members(userGroup: string): Promise<readonly string[] | undefined>;
}
