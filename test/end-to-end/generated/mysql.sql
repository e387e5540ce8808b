-- old
CREATE TABLE users (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email varchar(80) NOT NULL UNIQUE,
  name varchar(100),
  age int,
  legacy text,
  created_at timestamp NOT NULL DEFAULT current_timestamp()
) DEFAULT CHARSET=utf8mb4;
CREATE TABLE orders (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id int unsigned NOT NULL,
  state enum('open', 'paid') NOT NULL DEFAULT 'open',
  total int NOT NULL DEFAULT 0,
  note text
) DEFAULT CHARSET=utf8mb4;
CREATE TABLE tags (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, label varchar(50) NOT NULL) DEFAULT CHARSET=utf8mb4;
CREATE INDEX orders_by_user ON orders (user_id);
CREATE VIEW open_orders AS SELECT id, total FROM orders WHERE state = 'open';

-- rows
INSERT INTO users (email, name, age, legacy) VALUES ('a@x', 'Ada', 36, 'old'), ('b@x', 'Bob', 40, NULL);
INSERT INTO orders (user_id, total, state) VALUES (1, 5, 'paid'), (2, 7, 'open');
INSERT INTO tags (label) VALUES ('gift');

-- new
CREATE TABLE users (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email varchar(120) NOT NULL UNIQUE,
  full_name varchar(100) NOT NULL DEFAULT 'nobody',
  age int,
  country char(2) NOT NULL DEFAULT 'NL' COMMENT 'As in ISO 3166',
  created_at timestamp NOT NULL DEFAULT current_timestamp(),
  CONSTRAINT users_age CHECK (age >= 0)
) DEFAULT CHARSET=utf8mb4;
CREATE TABLE orders (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id int unsigned NOT NULL,
  state enum('open', 'paid', 'sent') NOT NULL DEFAULT 'open',
  total decimal(10, 2) NOT NULL DEFAULT 0,
  paid_at datetime,
  CONSTRAINT orders_of_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) DEFAULT CHARSET=utf8mb4;
CREATE TABLE labels (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, label varchar(50) NOT NULL UNIQUE, colour varchar(20)) DEFAULT CHARSET=utf8mb4;
CREATE TABLE order_labels (
  order_id int unsigned NOT NULL,
  label_id int unsigned NOT NULL,
  PRIMARY KEY (order_id, label_id),
  CONSTRAINT of_orders FOREIGN KEY (order_id) REFERENCES orders (id),
  CONSTRAINT of_labels FOREIGN KEY (label_id) REFERENCES labels (id)
) DEFAULT CHARSET=utf8mb4 COMMENT='Which order has which label';
CREATE INDEX orders_by_user ON orders (user_id, state);
CREATE VIEW open_orders AS SELECT id, total, paid_at FROM orders WHERE state = 'open';
CREATE TRIGGER orders_paid BEFORE UPDATE ON orders FOR EACH ROW SET NEW.paid_at = IF(NEW.state = 'paid', now(), NEW.paid_at);
