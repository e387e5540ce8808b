import { listTemplates as builtInTemplates } from '../environment/init-project.ts';
import type { TemplateReport } from './results.ts';

/** The templates that `init` knows. */
export function listTemplates(): Promise<readonly TemplateReport[]> {
  return Promise.resolve(builtInTemplates());
}
