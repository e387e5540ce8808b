/** What revisions and dumps set for their session, as far as MySQL and MariaDB both have it and every user may set it. */
export const settingsOfBoth = [
  'sql_mode',
  'time_zone',
  'character_set_client',
  'character_set_results',
  'collation_connection',
  'foreign_key_checks',
  'unique_checks',
  'sql_notes',
  'sql_safe_updates',
  'group_concat_max_len',
  'default_storage_engine',
] as const;

/**
 * All of it that one of them lets every user set: MySQL 8 keeps some session variables, such as sql_log_bin and
 * auto_increment_increment, for the privileged, also when they are set to what they are. Each server has its own of the two
 * names for isolation, for the access mode and for the time limit: a server has to be asked which of these are its own.
 */
export const settingsOfEither = [
  ...settingsOfBoth,
  'check_constraint_checks',
  'sql_auto_is_null',
  'sql_big_selects',
  'sql_select_limit',
  'sql_quote_show_create',
  'completion_type',
  'tx_isolation',
  'transaction_isolation',
  'tx_read_only',
  'transaction_read_only',
  'max_statement_time',
  'max_execution_time',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
  'wait_timeout',
] as const;
