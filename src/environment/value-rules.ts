import * as v from 'valibot';

/** Values that configurations and models have in common; the words of a mistake follow the key. */
export const text = v.pipe(v.string('must be text'), v.nonEmpty('must not be empty'));
export const flag = v.boolean('must be true or false');
export const count = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must not be negative'),
);
