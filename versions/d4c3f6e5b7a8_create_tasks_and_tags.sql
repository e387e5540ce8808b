-- revision: d4c3f6e5b7a8
-- down_revision: b2e1d4c3f5a6
-- branch_labels: features
-- depends_on: null
-- message: create tasks and tags

-- migrate:up
CREATE TABLE tasks (
  id INTEGER NOT NULL PRIMARY KEY,
  title VARCHAR(200) NOT NULL,
  done INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE task_tags (
  task_id INTEGER NOT NULL,
  tag VARCHAR(50) NOT NULL,
  PRIMARY KEY (task_id, tag),
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE
);

CREATE INDEX task_tags_tag ON task_tags (tag);

-- migrate:down
DROP TABLE task_tags;
DROP TABLE tasks;
