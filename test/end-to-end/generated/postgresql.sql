-- old
CREATE TYPE order_state AS ENUM ('open', 'paid');
CREATE TABLE users (
  id serial PRIMARY KEY,
  email varchar(80) NOT NULL UNIQUE,
  name text,
  age integer,
  legacy text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
  id serial PRIMARY KEY,
  user_id integer NOT NULL,
  state order_state NOT NULL DEFAULT 'open',
  total integer NOT NULL DEFAULT 0,
  note text
);
CREATE TABLE tags (id serial PRIMARY KEY, label text NOT NULL);
CREATE INDEX orders_by_user ON orders (user_id);
CREATE VIEW open_orders AS SELECT id, total FROM orders WHERE state = 'open';

-- rows
INSERT INTO users (email, name, age, legacy) VALUES ('a@x', 'Ada', 36, 'old'), ('b@x', 'Bob', 40, NULL);
INSERT INTO orders (user_id, total, state) VALUES (1, 5, 'paid'), (2, 7, 'open');
INSERT INTO tags (label) VALUES ('gift');

-- new
CREATE TYPE order_state AS ENUM ('open', 'paid', 'sent');
CREATE TABLE users (
  id serial PRIMARY KEY,
  email varchar(120) NOT NULL UNIQUE,
  full_name text NOT NULL DEFAULT 'nobody',
  age integer CONSTRAINT users_age CHECK (age >= 0),
  country char(2) NOT NULL DEFAULT 'NL',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
  id serial PRIMARY KEY,
  user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
  state order_state NOT NULL DEFAULT 'open',
  total numeric(10, 2) NOT NULL DEFAULT 0,
  paid_at timestamptz
);
CREATE TABLE labels (id serial PRIMARY KEY, label text NOT NULL, colour text);
CREATE TABLE order_labels (
  order_id integer NOT NULL REFERENCES orders,
  label_id integer NOT NULL REFERENCES labels,
  PRIMARY KEY (order_id, label_id)
);
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  payload jsonb NOT NULL DEFAULT '{}',
  token uuid DEFAULT gen_random_uuid()
);
CREATE INDEX orders_by_user ON orders (user_id, state);
CREATE UNIQUE INDEX labels_by_label ON labels (lower(label));
CREATE INDEX orders_unpaid ON orders (user_id) WHERE paid_at IS NULL;
CREATE VIEW open_orders AS SELECT id, total, paid_at FROM orders WHERE state = 'open';
CREATE FUNCTION note_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.paid_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER orders_paid BEFORE UPDATE OF state ON orders FOR EACH ROW WHEN (NEW.state = 'paid') EXECUTE FUNCTION note_payment();
COMMENT ON TABLE events IS 'What happened, in its order';
COMMENT ON COLUMN users.country IS 'As in ISO 3166';
