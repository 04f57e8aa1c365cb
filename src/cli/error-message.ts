/** The message of an error, with that of its root cause. */
export function wordsOf(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  const words = (one: unknown): string => (one instanceof Error ? one.message : String(one));
  return deepest === error ? words(error) : `${words(error)}: ${words(deepest)}`;
}

/** Prefixes the message with the name of the failed part. */
export function naming(who: string): (error: unknown) => never {
  return (error) => {
    throw new Error(`${who}: ${wordsOf(error)}`);
  };
}
