/**
 * Waits for user code that may wait for ever. Node ends a process in which nothing can happen any more, without a word
 * and whatever was promised; here that moment rejects with `stuck`, so that a run is rolled back and says why.
 */
export async function untilSettled<T>(work: Promise<T>, stuck: () => Error): Promise<T> {
  let giveUp = (): void => undefined;
  const idle = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(stuck());
  });
  process.once('beforeExit', giveUp);
  try {
    return await Promise.race([work, idle]);
  } finally {
    process.off('beforeExit', giveUp);
  }
}
