import { options } from '../operations/argument-rules.ts';
import { checkCall, type Signatures } from '../operations/check-arguments.ts';
import { branches } from './branches.ts';
import { current } from './current.ts';
import { downgrade } from './downgrade.ts';
import { edit } from './edit.ts';
import { ensureVersion } from './ensure-version.ts';
import { heads } from './heads.ts';
import { history } from './history.ts';
import { init } from './init.ts';
import { configAt as locate, type ConfigLocation } from './invocation.ts';
import { location, scriptSignature, signatures } from './library-signatures.ts';
import { listTemplates } from './list-templates.ts';
import { log } from './log.ts';
import { merge } from './merge.ts';
import { repair } from './repair.ts';
import { revision } from './revision.ts';
import { autogenerate } from './schema/autogenerate.ts';
import { check } from './schema/check.ts';
import { diff } from './schema/diff.ts';
import { adoptDrift, drift } from './schema/drift.ts';
import { dump } from './schema/dump.ts';
import { types } from './schema/types.ts';
import { saveScript, script as writeScript } from './script/offline.ts';
import { show } from './show.ts';
import { stamp } from './stamp.ts';
import { status } from './status.ts';
import { testRevisions } from './trial/test-revisions.ts';
import { upgrade } from './upgrade.ts';
import { verify } from './verify.ts';

/**
 * The commands as a program calls them. It may be JavaScript, where a misspelt option would be ignored and a wrong argument
 * fail deep inside: what is given is looked at first. Throws usage.invalid.
 */
export const library = lookingFirst(
  {
    adoptDrift,
    autogenerate,
    branches,
    check,
    current,
    diff,
    downgrade,
    drift,
    dump,
    edit,
    ensureVersion,
    heads,
    history,
    init,
    listTemplates,
    log,
    merge,
    repair,
    revision,
    saveScript,
    show,
    stamp,
    status,
    testRevisions,
    types,
    upgrade,
    verify,
  },
  signatures,
);

/** {@link writeScript} in the same way: the first piece fails. */
export const script: typeof writeScript = async function* (...args) {
  checkCall('script', scriptSignature, args, 'usage.invalid');
  yield* writeScript(...args);
};

/** Points at a configuration file instead of passing the configuration: `upgrade(configAt({ cwd }), 'head')`. */
export function configAt(place: Omit<ConfigLocation, 'kind'> = {}): ConfigLocation {
  checkCall('configAt', { options: options<Omit<ConfigLocation, 'kind'>>(location) }, [place], 'usage.invalid');
  return locate(place);
}

function lookingFirst<T extends object>(functions: T, rules: Signatures<T>): T {
  const all: Readonly<Record<string, Signatures<T>[keyof T]>> = rules;
  const looking: Record<string, unknown> = {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member of T has a signature, so it is a function
  for (const [name, work] of Object.entries(functions as Record<string, (...args: unknown[]) => unknown>)) {
    // As of any async function, what is wrong with a call comes out of the promise.
    looking[name] = async (...args: unknown[]) => {
      checkCall(name, all[name] ?? {}, args, 'usage.invalid');
      return await work(...args);
    };
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the loop above took every member of T
  return looking as T;
}
