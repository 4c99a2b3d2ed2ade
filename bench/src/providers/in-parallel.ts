/** Runs a task so often, this many at a time. */
export async function inParallel(
  { times, width }: { readonly times: number; readonly width: number },
  task: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < times) {
      next += 1;
      await task(next - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, times) }, work));
}
