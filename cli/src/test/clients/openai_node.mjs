// The OpenAI client for JavaScript against `jebena serve`. Runs in the folder where the conformance clients are installed.
import OpenAI from 'openai';
import { BASE, CHAT, EMBED, KEY, check, done, assert, cos } from './_common.mjs';

const client = new OpenAI({ baseURL: BASE + '/v1', apiKey: KEY, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Name three colours.' }];

await check('models.list and retrieve', 'chat', async () => {
  const ids = (await client.models.list()).data.map(model => model.id);
  assert.ok(ids.some(id => id.split(':')[0] === CHAT), ids.join());
  assert.equal((await client.models.retrieve(CHAT)).object, 'model');
});
await check('chat: stream rebuilds the whole answer, usage last', 'chat', async () => {
  const options = { model: CHAT, messages, temperature: 0, seed: 1, max_tokens: 24 };
  const whole = await client.chat.completions.create(options);
  const stream = await client.chat.completions.create({ ...options, stream: true, stream_options: { include_usage: true } });
  let text = '', usage = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(usage.completion_tokens, whole.usage.completion_tokens);
});
await check('chat: stream helper', 'chat', async () => {
  const runner = client.chat.completions.stream({ model: CHAT, messages, max_tokens: 8 });
  assert.ok((await runner.finalContent()).length > 0);
});
await check('chat: an aborted stream ends', 'chat', async () => {
  const stream = await client.chat.completions.create({ model: CHAT, messages, stream: true, max_tokens: 400 });
  for await (const _ of stream) { stream.controller.abort(); break; }
});
await check('tools: forced function gives arguments of its schema', 'chat tools', async () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
  const answer = await client.chat.completions.create({
    model: CHAT, messages: [{ role: 'user', content: 'Weather in Paris?' }], max_tokens: 200,
    tools: [{ type: 'function', function: { name: 'weather', parameters } }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
  });
  const call = answer.choices[0].message.tool_calls[0].function;
  assert.equal(call.name, 'weather');
  assert.equal(typeof JSON.parse(call.arguments).city, 'string');
});
await check('json_schema answer is valid JSON of the schema', 'chat schema', async () => {
  const schema = { type: 'object', properties: { colour: { enum: ['red', 'green'] } }, required: ['colour'], additionalProperties: false };
  const answer = await client.chat.completions.create({
    model: CHAT, messages, max_tokens: 100, response_format: { type: 'json_schema', json_schema: { name: 'c', strict: true, schema } },
  });
  assert.ok(['red', 'green'].includes(JSON.parse(answer.choices[0].message.content).colour));
});
await check('embeddings: base64 by default, near texts are near', 'embed', async () => {
  const { data } = await client.embeddings.create({ model: EMBED, input: ['a cat', 'a kitten', 'a bill of lading'] });
  const [cat, kitten, bill] = data.map(row => row.embedding);
  assert.ok(cos(cat, kitten) > cos(cat, bill));
});
await check('errors: unknown model is NotFoundError', 'chat', async () => {
  await assert.rejects(client.chat.completions.create({ model: 'no-such-model', messages }), OpenAI.NotFoundError);
});
done();
