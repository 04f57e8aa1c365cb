/** The result of the work; rejects where there is none within this many milliseconds, and leaves the work to itself. */
export async function withinTime<Value>(work: Promise<Value>, withinMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), withinMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
