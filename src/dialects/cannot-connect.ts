import { AludelError, messageOf } from '../support/aludel-error.ts';
import type { DatabaseSettings } from './connection.ts';

/** The error of a connection that was not made; `advice` holds what to do by the code of the driver's error. */
export function cannotConnect(
  settings: DatabaseSettings,
  error: unknown,
  advice: Readonly<Record<string, string>>,
): AludelError {
  const code = codeOf(error);
  return new AludelError('database.unreachable', `Cannot connect to ${settings.display}: ${connectMessage(error)}.`, {
    where: settings.display,
    hint:
      tlsAdvice(error) ??
      (isSocketAbsent(error) ? 'No server listens on this socket; check its path, and that the server runs.' : null) ??
      advice[code ?? ''] ??
      adviceFor[code ?? ''] ??
      'Check host and port, and that the server runs.',
    facts: { code },
    cause: error,
  });
}

/** Codes of OpenSSL and of Node.js are words of a certificate's defect; drivers put others in their place. */
function tlsAdvice(error: unknown): string | null {
  const text = `${codeOf(error) ?? ''} ${connectMessage(error)}`;
  if (/does not support (?:SSL|secure)/i.test(text))
    return 'Ask for a connection without TLS: sslmode=disable (ssl-mode=DISABLED on MySQL).';
  if (/altname/i.test(text))
    return 'Write the host as the certificate names it, or ask for verify-ca (VERIFY_CA on MySQL), which takes any name.';
  if (/self[-_ ]signed|unable.to.(?:get|verify)|issuer/i.test(text))
    return 'Name the authority that signed it: sslrootcert=/path/to/ca.pem (ssl-ca on MySQL). sslmode=no-verify (REQUIRED on MySQL) encrypts without checking.';
  if (/cert(?:ificate)?.has.expired/i.test(text)) return 'The certificate of the server has to be renewed.';
  return null;
}

const adviceFor: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host name does not resolve; check it for a slip.',
};

/** Codes of Node.js for a server that is not there, or not yet (man connect, man getaddrinfo). */
const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
]);

/** True when the network, and not the server, refused a connection. */
export function isNetworkFailure(error: unknown): boolean {
  const code = codeOf(error);
  if (code === null) return false;
  return networkCodes.has(code) || isSocketAbsent(error);
}

/** A socket that is not there, or not yet; elsewhere ENOENT is a certificate that is missing. */
function isSocketAbsent(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' && (error as { syscall?: unknown }).syscall === 'connect';
}

/** The code of a driver's error: of Node.js, or the server's. Null when it has none. */
export function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : null;
}

/** A name with several addresses fails with one error for each and no message of its own. */
function connectMessage(error: unknown): string {
  const message =
    error instanceof AggregateError && error.message === '' ? messageOf(error.errors[0]) : messageOf(error);
  return message.endsWith('.') ? message.slice(0, -1) : message;
}
