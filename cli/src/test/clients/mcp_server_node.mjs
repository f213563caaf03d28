// A server by the official TypeScript SDK for our client: `mcp_server_node.mjs stdio`, or `mcp_server_node.mjs PORT`.
// Runs in the folder where the SDK is installed.
import http from 'node:http';
import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

function create() {
  const server = new McpServer({ name: 'peer', version: '1' }, { capabilities: { logging: {} } });
  const text = value => ({ content: [{ type: 'text', text: String(value) }] });
  server.registerTool('add', { description: 'Add two numbers', inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => text(a + b));
  server.registerTool('slow', { description: 'Takes steps of 100 ms', inputSchema: { steps: z.number() } }, async ({ steps }, extra) => {
    for (let i = 0; i < steps && !extra.signal.aborted; i++) {
      await new Promise(resolve => setTimeout(resolve, 100));
      await extra.sendNotification({ method: 'notifications/progress',
        params: { progressToken: extra._meta.progressToken, progress: i + 1, total: steps, message: `step ${i + 1}` } });
    }
    return text('done');
  });
  server.registerTool('fail', { description: 'Always fails' }, () => { throw new Error('it is broken'); });
  server.registerTool('grow', { description: 'Adds a tool' }, async extra => {
    server.registerTool('grown', { description: 'A new tool' }, () => text('here'));
    await extra.sendNotification({ method: 'notifications/tools/list_changed' });
    await extra.sendNotification({ method: 'notifications/message', params: { level: 'warning', data: 'grown' } });
    return text('grown');
  });
  server.registerTool('roots', { description: "Lists the client's roots" }, async () => text((await server.server.listRoots()).roots[0].uri));
  server.registerTool('crash', { description: 'Ends the server' }, () => { console.error('last words'); process.exit(3); });
  return server;
}

if (process.argv[2] === 'stdio') {
  await create().connect(new StdioServerTransport());
} else {
  const sessions = new Map();
  http.createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    let transport = sessions.get(id);
    if (!transport) {
      transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, onsessioninitialized: made => sessions.set(made, transport) });
      await create().connect(transport);
    }
    await transport.handleRequest(request, response);
  }).listen(Number(process.argv[2]), '127.0.0.1');
}
