import { errorCatalog, type ErrorCode } from './error-catalog.ts';

/** What an error carries beside its code and message. */
export interface ErrorDetails {
  /** File and line, database, or command-line argument the error is about; null when there is no one place. */
  readonly where?: string | null;
  /** What the reader can do next, as a sentence or a command. */
  readonly hint?: string | null;
  /** The facts behind the message, for programs and `--json`: ids, paths, counts. Never a secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

const brand = Symbol.for('aludel.error');

/**
 * The one error type of the tool: a stable code, what happened, where, and what to do.
 *
 * `message` is a plain sentence without colour, redacted before it gets here. Unknown errors are never wrapped in
 * this type to hide them: what is not an AludelError is a defect of ours.
 */
export class AludelError extends Error {
  override readonly name = 'AludelError';
  readonly code: ErrorCode;
  readonly where: string | null;
  readonly hint: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly [brand] = true;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.where = details.where ?? null;
    this.hint = details.hint ?? null;
    this.facts = details.facts ?? {};
  }

  get exitCode(): number {
    return errorCatalog[this.code].exitCode;
  }
}

/** True for an AludelError of any copy of this package: two copies may meet when an application and its CLI differ. */
export function isAludelError(value: unknown): value is AludelError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

/** The message of whatever was thrown: JavaScript lets a program throw anything. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return 'something that is no error was thrown';
  }
}
