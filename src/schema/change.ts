import type { Need, SchemaObject, Snapshot } from './snapshot.ts';

/** One step from one schema to another. */
export interface Change {
  readonly kind: 'create' | 'alter' | 'drop';
  /** Id of the object. */
  readonly object: string;
  /** None where what it hangs on takes it along. */
  readonly statements: readonly string[];
  /** What is lost with the rows of these, such as `column users.email`. */
  readonly loses: readonly string[];
}

/** How an object becomes another one of the same id in place. */
export interface Alteration {
  readonly statements: readonly string[];
  /** What must not be in use meanwhile: objects that need one of these are dropped before and created after. */
  readonly touched: readonly Need[];
  /** Parts that go and may come back: what is only noted on one, as a comment is, has to be made again. */
  readonly renewed?: readonly Need[];
  /** What has to be carried out before everything else, so that a name is free, or since it commits what came before it. */
  readonly first?: readonly string[];
  /** What has to be carried out after everything else, when a name is free. */
  readonly last?: readonly string[];
  readonly loses: readonly string[];
}

/** The two ends of a comparison. */
export interface SchemaPair {
  readonly from: Snapshot;
  readonly to: Snapshot;
}

/** What a dialect knows about changing single objects. */
export interface ObjectRules {
  /** The statements that create an object when everything it needs is there. */
  create(object: SchemaObject): readonly string[];
  /** The statements that drop it when nothing needs it any more. */
  drop(object: SchemaObject): readonly string[];
  /** Null for what can only be dropped and created anew. Both have the same id and differ. */
  alter(from: SchemaObject, to: SchemaObject, schemas: SchemaPair): Alteration | null;
}
