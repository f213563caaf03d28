// Ollama's client for JavaScript against `jebena serve`. Runs in the folder where the conformance clients are installed.
import { Ollama } from 'ollama';
import { BASE, CHAT, EMBED, check, done, assert, cos } from './_common.mjs';

const client = new Ollama({ host: BASE });
const options = { temperature: 0, seed: 1, num_predict: 16 };

await check('list, show, version', 'chat', async () => {
  const { models } = await client.list();
  assert.ok(models.some(model => model.name.split(':')[0] === CHAT));
  const shown = await client.show({ model: CHAT });
  assert.ok(shown.details.family && shown.capabilities.includes('completion'));
  assert.ok((await client.version()).version);
});
await check('generate: stream rebuilds the whole answer', 'chat', async () => {
  const whole = await client.generate({ model: CHAT, prompt: 'The sky is', options });
  let text = '';
  for await (const part of await client.generate({ model: CHAT, prompt: 'The sky is', options, stream: true })) text += part.response;
  assert.equal(text, whole.response);
  assert.ok(whole.eval_count > 0 && whole.done);
});
await check('chat with a JSON schema', 'chat schema', async () => {
  const format = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false };
  const answer = await client.chat({ model: CHAT, messages: [{ role: 'user', content: 'A number' }], format, options: { ...options, num_predict: 60 } });
  assert.ok(Number.isInteger(JSON.parse(answer.message.content).n));
});
await check('an aborted stream ends', 'chat', async () => {
  const stream = await client.generate({ model: CHAT, prompt: 'Once upon a time', stream: true });
  await assert.rejects(async () => { for await (const _ of stream) stream.abort(); }, { name: 'AbortError' });
});
await check('embed: near texts are near', 'embed', async () => {
  const { embeddings } = await client.embed({ model: EMBED, input: ['a cat', 'a kitten', 'a bill of lading'] });
  assert.ok(cos(embeddings[0], embeddings[1]) > cos(embeddings[0], embeddings[2]));
});
await check('ps, copy, delete', 'chat', async () => {
  await client.copy({ source: CHAT, destination: 'npm-copy' });
  await client.delete({ model: 'npm-copy' });
  await assert.rejects(client.show({ model: 'npm-copy' }), { status_code: 404 });
  assert.ok(Array.isArray((await client.ps()).models));
});
await check('create from a model, with a system message', 'chat', async () => {
  await client.create({ model: 'npm-made', from: CHAT, system: 'Be brief.' });
  assert.equal((await client.show({ model: 'npm-made' })).system, 'Be brief.');
  await client.delete({ model: 'npm-made' });
});
await check('errors: unknown model', 'chat', async () => {
  await assert.rejects(client.generate({ model: 'no-such-model', prompt: 'x' }), { status_code: 404 });
});
done();
