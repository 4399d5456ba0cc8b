import { expect, test } from 'vitest';
import { kindsAreCurrent } from '../../tools/kinds.ts';

test('the diagrams in the documents are those of the declarations', () => {
  expect(kindsAreCurrent()).toBe(true);
});
