-- old
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email VARCHAR(80) NOT NULL UNIQUE,
  name TEXT,
  age INTEGER,
  legacy TEXT,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL,
  state VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid')),
  total NUMERIC NOT NULL DEFAULT 0,
  note TEXT
);
CREATE TABLE tags (id INTEGER PRIMARY KEY, label TEXT NOT NULL);
CREATE INDEX orders_by_user ON orders (user_id);
CREATE VIEW open_orders AS SELECT id, total FROM orders WHERE state = 'open';

-- rows
INSERT INTO users (email, name, age, legacy) VALUES ('a@x', 'Ada', 36, 'old'), ('b@x', 'Bob', 40, NULL);
INSERT INTO orders (user_id, total, state) VALUES (1, 5, 'paid'), (2, 7, 'open');
INSERT INTO tags (label) VALUES ('gift');

-- new
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email VARCHAR(120) NOT NULL UNIQUE,
  full_name TEXT NOT NULL DEFAULT 'nobody',
  age INTEGER CHECK (age >= 0),
  country CHAR(2) NOT NULL DEFAULT 'NL',
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  state VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'sent')),
  total NUMERIC(10, 2) NOT NULL DEFAULT 0,
  paid_at DATETIME
);
CREATE TABLE labels (id INTEGER PRIMARY KEY, label TEXT NOT NULL, colour TEXT);
CREATE TABLE order_labels (
  order_id INTEGER NOT NULL REFERENCES orders (id),
  label_id INTEGER NOT NULL REFERENCES labels (id),
  PRIMARY KEY (order_id, label_id)
);
CREATE INDEX orders_by_user ON orders (user_id, state);
CREATE UNIQUE INDEX labels_by_label ON labels (lower(label));
CREATE INDEX orders_unpaid ON orders (user_id) WHERE paid_at IS NULL;
CREATE VIEW open_orders AS SELECT id, total, paid_at FROM orders WHERE state = 'open';
CREATE TRIGGER orders_paid AFTER UPDATE OF state ON orders WHEN new.state = 'paid'
BEGIN
  UPDATE orders SET paid_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;
