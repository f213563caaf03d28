// Hugging Face's inference client for JavaScript against `jebena serve` as an endpoint of one's own. Runs in the folder where the conformance clients are installed.
import { InferenceClient } from '@huggingface/inference';
import { BASE, CHAT, EMBED, check, done, assert, cos } from './_common.mjs';

const client = new InferenceClient('hf_none', { endpointUrl: BASE });
const messages = [{ role: 'user', content: 'Say something about the sea.' }];

await check('chatCompletion, and its stream rebuilds it', 'chat', async () => {
  const wish = { model: CHAT, messages, max_tokens: 12, temperature: 0, seed: 1 };
  const whole = await client.chatCompletion(wish);
  let text = '';
  for await (const chunk of client.chatCompletionStream(wish)) text += chunk.choices[0]?.delta?.content ?? '';
  assert.equal(text, whole.choices[0].message.content);
  assert.ok(whole.usage.completion_tokens > 0);
});
await check('chatCompletion with a JSON schema', 'chat schema', async () => {
  const schema = { type: 'object', properties: { k: { type: 'string', enum: ['a', 'b'] } }, required: ['k'], additionalProperties: false };
  const answer = await client.chatCompletion({ model: CHAT, messages, max_tokens: 60, response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } });
  assert.ok(['a', 'b'].includes(JSON.parse(answer.choices[0].message.content).k));
});
await check('textGeneration by the endpoint of the default model', 'tgi', async () => {
  const answer = await client.textGeneration({ inputs: 'The sea', parameters: { max_new_tokens: 6 } });
  assert.ok(answer.generated_text.length > 0);
});
await check('textGenerationStream rebuilds the whole text', 'tgi', async () => {
  // The client passes the endpoint's events on as they are: chunks of OpenAI's completions.
  const wish = { inputs: 'The sea', parameters: { max_new_tokens: 6, temperature: 0, seed: 1 } };
  const whole = await client.textGeneration(wish);
  let text = '';
  for await (const event of client.textGenerationStream(wish)) text += event.choices?.[0]?.text ?? '';
  assert.equal(text, whole.generated_text);
});
await check('featureExtraction: near texts are near', 'embed', async () => {
  const embed = new InferenceClient('hf_none', { endpointUrl: BASE + '/models/' + EMBED });
  const [a, b, c] = await embed.featureExtraction({ inputs: ['a cat', 'a kitten', 'a bill of lading'] });
  assert.ok(cos(a, b) > cos(a, c));
});
await check('sentenceSimilarity', 'embed', async () => {
  const embed = new InferenceClient('hf_none', { endpointUrl: BASE + '/models/' + EMBED });
  const [near, far] = await embed.sentenceSimilarity({ inputs: { source_sentence: 'a cat', sentences: ['a kitten', 'a bill of lading'] } });
  assert.ok(near > far);
});
done();
