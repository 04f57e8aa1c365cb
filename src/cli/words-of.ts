/** What an error says, and what was at the bottom of it. */
export function wordsOf(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  const words = (one: unknown): string => (one instanceof Error ? one.message : String(one));
  return deepest === error ? words(error) : `${words(error)}: ${words(deepest)}`;
}

/** Puts the name of who failed before what it said. */
export function naming(who: string): (error: unknown) => never {
  return (error) => {
    throw new Error(`${who}: ${wordsOf(error)}`);
  };
}
