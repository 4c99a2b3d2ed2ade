import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatModelRef } from '@mosaic/proto';
import fc from 'fast-check';
import { allModels, modelOf, wireOf } from './all-models.ts';
import { nastyRequest } from './nasty-request.ts';
import { publishedValidators } from './published-schemas.ts';
import { assertTakes } from './rules-others.ts';

const validators = publishedValidators();
const authors = [modelOf('anthropic').ref, modelOf('openrouter').ref, modelOf('zai').ref];

for (const model of allModels) {
  const { provider } = model.ref;

  test(`whatever is asked, ${formatModelRef(model.ref)} gets what its vendor's type and rules allow`, () => {
    const validate = validators[provider];
    fc.assert(
      fc.property(nastyRequest([...authors, model.ref]), (request) => {
        const { body, json } = wireOf(request, model);
        assert.ok(validate(body), JSON.stringify(validate.errors));
        assertTakes[provider](body, json);
      }),
      { seed: 20_261_125, numRuns: 150 },
    );
  });
}

test('the types are strict: a field or a value that they do not know is refused', () => {
  for (const model of allModels) {
    const validate = validators[model.ref.provider];
    const [request] = fc.sample(nastyRequest(authors), { numRuns: 1, seed: 1 });
    assert.ok(request);
    const { body } = wireOf(request, model);
    assert.ok(validate(body));
    assert.ok(!validate({ ...body, surprise: 1 }), formatModelRef(model.ref));
    assert.ok(!validate({ ...body, model: 5 }), formatModelRef(model.ref));
  }
});
