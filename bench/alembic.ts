import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Rival } from './measure.ts';
import { idOf, type BenchProject } from './project.ts';

/** Where `alembic` is: `pip install alembic psycopg2-binary pymysql` puts it on the path of its environment. */
const alembic = process.env['ALUDEL_BENCH_ALEMBIC'] ?? 'alembic';

/** False, said aloud, when there is no Alembic to compare with that has the command: `check` came with 1.9. */
export function hasAlembic(command: 'upgrade' | 'check'): boolean {
  const found = spawnSync(alembic, [command, '--help']).status === 0;
  if (!found) {
    console.log(`\nNo Alembic with ${command} is here to compare with: ALUDEL_BENCH_ALEMBIC may name its command.`);
  }
  return found;
}

/** Alembic on the same history as the project, a transaction for each revision. */
export function alembicCommand(project: BenchProject, count: number, url: string): (...args: string[]) => Command {
  const directory = join(project.directory, 'alembic');
  mkdirSync(join(directory, 'versions'), { recursive: true });
  writeFileSync(
    join(directory, 'alembic.ini'),
    `[alembic]\nscript_location = ${directory}\nsqlalchemy.url = ${sqlalchemyUrl(url)}\n`,
  );
  writeFileSync(join(directory, 'env.py'), environment);
  for (let n = 1; n <= count; n++) writeFileSync(join(directory, 'versions', `${idOf(n)}_.py`), revisionText(n));
  return (...args) => ({ argv: [alembic, ...args], cwd: directory });
}

/** With the driver: SQLAlchemy's own choice differs between its versions. */
function sqlalchemyUrl(url: string): string {
  const driver = url.startsWith('mysql:') ? 'mysql+pymysql:' : 'postgresql+psycopg2:';
  return url.replace(/^\w+:/, driver).replaceAll('%', '%%');
}

/** Alembic reflecting a database and comparing it with what it reflected. */
export function alembicSchemaCheck(directory: string, url: string): Rival {
  const place = join(directory, 'alembic');
  mkdirSync(join(place, 'versions'), { recursive: true });
  writeFileSync(
    join(place, 'alembic.ini'),
    `[alembic]\nscript_location = ${place}\nsqlalchemy.url = ${sqlalchemyUrl(url)}\n`,
  );
  writeFileSync(join(place, 'env.py'), reflecting);
  const argv = [alembic, '-c', join(place, 'alembic.ini'), 'check'] as const;
  return {
    name: 'Alembic',
    command: { argv, cwd: directory },
    peak() {
      const [file, ...args] = argv;
      const { stderr } = spawnSync(file, args, { cwd: directory, encoding: 'utf8' });
      return (Number(/^peak (\d+)$/m.exec(stderr)?.[1]) * 1024) / 1e6;
    },
  };
}

const reflecting = `import atexit, resource, sys, warnings
from alembic import context
from sqlalchemy import MetaData, create_engine, exc, pool

atexit.register(lambda: print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr))
warnings.simplefilter("ignore", exc.SAWarning)
with create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool).connect() as connection:
    metadata = MetaData()
    metadata.reflect(connection)
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
`;

const environment = `from alembic import context
from sqlalchemy import create_engine, pool

url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, transaction_per_migration=True, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
`;

function revisionText(n: number): string {
  return `import sqlalchemy as sa
from alembic import op

revision = "${idOf(n)}"
down_revision = ${n === 1 ? 'None' : `"${idOf(n - 1)}"`}


def upgrade():
${n % 2 === 1 ? createTable(n) : `    op.add_column("t${n - 1}", sa.Column("note", sa.String(200)))`}


def downgrade():
    ${n % 2 === 1 ? `op.drop_table("t${n}")` : `op.drop_column("t${n - 1}", "note")`}
`;
}

function createTable(n: number): string {
  return `    op.create_table(
        "t${n}",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("amount", sa.Integer, server_default="0"),
        sa.Column("description", sa.Text),
    )
    op.create_index("ix_t${n}_name", "t${n}", ["name"])`;
}
