import type { OfflineRules } from '../../script/offline-rules.ts';
import { settling } from './settling.ts';
import { versionQuestion } from '../server.ts';
import { settingsOfBoth } from '../session-settings.ts';

export const offline: OfflineRules = {
  scratch: null,
  sessionOf: () => [],
  keepSession: [`SET ${settingsOfBoth.map((name) => `@aludel_${name} = @@SESSION.${name}`).join(', ')}`],
  clearing: () => [],
  restoringSession: () => [`SET SESSION ${settingsOfBoth.map((name) => `${name} = @aludel_${name}`).join(', ')}`],
  settling,
  knownAnswer: ({ sql }, { isMariaDb = false }) =>
    sql === versionQuestion ? [{ version: isMariaDb ? 'MariaDB' : 'MySQL' }] : null,
};
