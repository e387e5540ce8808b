/** Neither the server's own nor a session's. */
export const ownSchema = `space.nspname !~ '^pg_' AND space.nspname <> 'information_schema'`;

/** Not brought by an extension. */
export const notOfExtension = (catalogue: string, oid: string, deptypes = `'e'`): string =>
  `NOT EXISTS (SELECT FROM pg_depend brought WHERE brought.classid = '${catalogue}'::regclass AND brought.objid = ${oid} AND brought.deptype IN (${deptypes}))`;
