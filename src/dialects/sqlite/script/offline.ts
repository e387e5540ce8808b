import type { OfflineRules } from '../../script/offline-rules.ts';
import { versionQuestion } from '../operations/read-table.ts';

export const offline: OfflineRules = {
  scratch: {
    dialect: 'sqlite',
    connection: { filename: ':memory:' },
    display: 'sqlite::memory:',
    secrets: [],
    searchPath: null,
  },
  sessionOf: () => [],
  keepSession: [],
  clearing: () => [],
  restoringSession: () => [],
  // A shell of any version that is supported is to understand the script, not only that of the driver.
  settling: () => null,
  knownAnswer: ({ sql }) => (sql === versionQuestion ? [{ version: '3.35.0' }] : null),
};
