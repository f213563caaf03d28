// The official TypeScript SDK against `jebena`: over HTTP and over standard input and output. Runs in the folder where
// the SDK is installed.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const url = new URL(process.env.JEBENA_URL.replace(/\/$/, '') + '/mcp');
const words = JSON.parse(process.env.TOOLS_COMMAND);
let passed = 0, failed = 0;
async function check(name, run) {
  try { await run(); passed++; console.log('ok   -', name); } catch (e) { failed++; console.log('FAIL -', name, String(e).slice(0, 500)); }
}
const transports = {
  http: () => new StreamableHTTPClientTransport(url),
  stdio: () => new StdioClientTransport({ command: words[0], args: words.slice(1), env: { ...process.env } }),
};
for (const [kind, open] of Object.entries(transports)) {
  const client = new Client({ name: 'check', version: '1' });
  await check(`${kind}: connect`, () => client.connect(open()));
  await check(`${kind}: tools with schemas`, async () => {
    const { tools } = await client.listTools();
    assert.ok(tools.length >= 7 && tools.every(tool => tool.inputSchema.type === 'object' && tool.outputSchema));
  });
  await check(`${kind}: chat tells progress and keeps its output schema`, async () => {
    const told = [];
    const call = { name: 'chat', arguments: { prompt: 'Tell a long story.', model: 'smollm2', max_tokens: 400 } };
    const result = await client.callTool(call, undefined, { onprogress: p => told.push(p) });
    assert.ok(result.structuredContent.text.length > 0 && !result.isError);
    assert.ok(told.length > 0 && told[0].progress > 0);
  });
  await check(`${kind}: an aborted call ends, and the next is answered`, async () => {
    const stop = new AbortController();
    const call = { name: 'chat', arguments: { prompt: 'Tell a long story.', model: 'smollm2', max_tokens: 4000 } };
    setTimeout(() => stop.abort(), 200);
    await assert.rejects(client.callTool(call, undefined, { signal: stop.signal }));
    await client.ping();
  });
  await check(`${kind}: errors of tools and of the protocol differ`, async () => {
    assert.ok((await client.callTool({ name: 'embed', arguments: { texts: [] } })).isError);
    await assert.rejects(client.callTool({ name: 'nope', arguments: {} }), /nope/);
  });
  await check(`${kind}: resources`, async () => {
    const { resources } = await client.listResources();
    const read = await client.readResource({ uri: resources[0].uri });
    assert.ok(JSON.parse(read.contents[0].text).name);
  });
  await check(`${kind}: close`, async () => {
    if (kind === 'http') await client.transport.terminateSession();
    await client.close();
  });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
