import type { OfflineRules } from '../../offline-rules.ts';
import { settling } from './settling.ts';
import { versionQuestion } from '../server.ts';

/** What both servers let every user set, and what revisions and dumps do set. */
const settings = [
  'sql_mode',
  'time_zone',
  'character_set_client',
  'character_set_results',
  'collation_connection',
  'foreign_key_checks',
  'unique_checks',
  'sql_notes',
  'sql_safe_updates',
  'group_concat_max_len',
  'default_storage_engine',
];

export const offline: OfflineRules = {
  scratch: null,
  sessionOf: () => [],
  keepSession: [`SET ${settings.map((name) => `@aludel_${name} = @@SESSION.${name}`).join(', ')}`],
  clearing: () => [],
  restoringSession: () => [`SET SESSION ${settings.map((name) => `${name} = @aludel_${name}`).join(', ')}`],
  settling,
  knownAnswer: ({ sql }, { isMariaDb = false }) =>
    sql === versionQuestion ? [{ version: isMariaDb ? 'MariaDB' : 'MySQL' }] : null,
};
