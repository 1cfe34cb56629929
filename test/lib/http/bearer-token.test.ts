import { expect, test } from 'vitest';
import { Problem } from '../../../lib/http/contract/problem.ts';
import { requireToken } from '../../../lib/http/http-handler.ts';

const tokens = ['first-token', 'second-token'];

test.each(['Bearer first-token', 'bearer second-token', 'BEARER  first-token'])('%s opens', (header) => {
  expect(() => requireToken(header, tokens)).not.toThrow();
});

test.each([
  [undefined],
  [''],
  ['Bearer'],
  ['Bearer '],
  ['Bearer first-tokeN'],
  ['Bearer first-toke'],
  ['Bearer first-token2'],
  ['Bearer first-token '],
  ['Basic first-token'],
  ['first-token'],
  ['Bearer first-token,second-token'],
])('%s does not', (header) => {
  const refusal = (): unknown => requireToken(header, tokens);
  expect(refusal).toThrow(Problem);
  expect(refusal).toThrow(
    expect.objectContaining({ kind: 'unauthorised', headers: { 'www-authenticate': 'Bearer' } }),
  );
});

test('where no token is set up, or an empty one, nothing opens', () => {
  for (const known of [[], ['']])
    for (const header of [undefined, '', 'Bearer ', 'Bearer x'])
      expect(() => requireToken(header, known)).toThrow(Problem);
});
