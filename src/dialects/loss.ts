import { messageOf } from '../support/aludel-error.ts';

/** Remembers whether and why a connection was lost; the first reason counts. */
export interface Loss {
  because(): string | null;
  /** For what the driver tells of by itself. */
  notice(reason: string): void;
  /** Waits for the driver's answer, and notices when it is an error that ended the connection. */
  watching<T>(answer: Promise<T>): Promise<T>;
}

/** `endsConnection` knows the driver's errors after which nothing more can be asked. */
export function createLoss(endsConnection: (error: unknown) => boolean): Loss {
  let reason: string | null = null;
  const notice = (noticed: string): void => {
    reason ??= noticed;
  };
  return {
    because: () => reason,
    notice,
    async watching(answer) {
      try {
        return await answer;
      } catch (error) {
        if (endsConnection(error)) notice(`the connection was lost (${messageOf(error)})`);
        throw error;
      }
    },
  };
}
