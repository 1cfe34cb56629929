import { expect, test } from 'vitest';
import { between, createRandom, oneOf, shuffled } from '../../../tools/simulation/random.ts';

const draw = (seed: number, purpose: string) => {
  const random = createRandom(seed, purpose);
  return Array.from({ length: 1_000 }, random);
};

test('the same seed gives the same numbers; another seed or purpose gives others', () => {
  expect(draw(1, 'gate')).toEqual(draw(1, 'gate'));
  expect(draw(1, 'gate')).not.toEqual(draw(2, 'gate'));
  expect(draw(1, 'gate')).not.toEqual(draw(1, 'world'));
});

test('numbers are spread over all from 0 to below 1', () => {
  const numbers = draw(7, 'spread');
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
    expect(share).toBeGreaterThan(60);
    expect(share).toBeLessThan(140);
  }
});

test('choices stay within what there is to choose from', () => {
  const random = createRandom(3, 'choices');
  for (let i = 0; i < 100; i++) {
    expect(['a', 'b', 'c']).toContain(oneOf(random, ['a', 'b', 'c']));
    const number = between(random, 5, 6);
    expect(number >= 5 && number < 6).toBe(true);
  }
  expect(shuffled(random, [1, 2, 3, 4, 5]).toSorted()).toEqual([1, 2, 3, 4, 5]);
});
