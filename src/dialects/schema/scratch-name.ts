import { randomBytes } from 'node:crypto';
import { AludelError, isAludelError, messageOf } from '../../support/aludel-error.ts';
import type { DatabaseSettings } from '../connection.ts';

/** What every scratch database's name begins with; the sweep goes by it. */
export const scratchPrefix = 'aludel_scratch_';

/** A name that nobody else has, with the time it was made in seconds, so that a sweep leaves alone what is only just there. */
export function scratchName(): string {
  return `${scratchPrefix}${Math.floor(Date.now() / 1000)}_${randomBytes(5).toString('hex')}`;
}

/** Shorter than it takes to connect to a database that was just made. */
const youngMs = 60_000;

/** True when whoever made it had time to connect to it. */
export function isOldScratch(name: string): boolean {
  const seconds = Number(new RegExp(`^${scratchPrefix}(\\d+)_`).exec(name)?.[1] ?? Number.NaN);
  return Date.now() - seconds * 1000 > youngMs;
}

/** `hint` says what a person can do about it. */
export function noScratch({ display }: DatabaseSettings, error: unknown, hint: string): AludelError {
  const told = isAludelError(error)
    ? error.message
    : `No scratch database can be made on ${display}: ${messageOf(error)}.`;
  return new AludelError('schema.no-scratch', told, { where: display, hint, cause: error });
}
