/** Where a configuration is looked for, and what the command line says about it. */
export interface ConfigRequest {
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--config`; ALUDEL_CONFIG counts when it is absent. */
  readonly configFile?: string | undefined;
  /** `-n`. */
  readonly name?: string | undefined;
  /** `-x`. */
  readonly x?: Readonly<Record<string, string>> | undefined;
  /** `--url`, which comes before everything else that names a database. */
  readonly url?: string | undefined;
  /** `--scratch`, which comes before the configuration's. */
  readonly scratch?: string | undefined;
  /** `--dialect`: the database a script is for, whatever the configuration connects to. */
  readonly dialect?: string | undefined;
  /** `--grants`, which comes before the configuration's. */
  readonly grants?: boolean | undefined;
  /** `--wait-for-db`, which comes before the configuration's. */
  readonly waitForDbMs?: number | undefined;
}
