import type { DatabaseSettings } from '../../connection.ts';
import type { OfflineRules } from '../../script/offline-rules.ts';
import { clearingOf } from '../catalogue.ts';
import { sessionDefaults } from '../lock.ts';
import { quoteIdentifier } from '../quote.ts';

export const offline: OfflineRules = {
  scratch: null,
  sessionOf,
  keepSession: [],
  restoringSession: (settings) => [...sessionDefaults, ...sessionOf(settings)],
  clearing: clearingOf,
  settling: () => null,
  knownAnswer: () => null,
};

/** pg talks UTF-8 and sets the search path of the configuration, whatever the server's defaults are. */
function sessionOf({ searchPath }: DatabaseSettings): readonly string[] {
  return [
    "SET client_encoding = 'UTF8'",
    ...(searchPath === null ? [] : [`SET search_path = ${searchPath.map(quoteIdentifier).join(', ')}`]),
  ];
}
