"""A server by the official Python SDK for our client: `mcp_server_py.py stdio`, or `mcp_server_py.py PORT`."""
import asyncio, os, sys
from typing import Annotated
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.resolve import ListRoots, Resolve
from mcp_types import ListRootsResult
from mcp.server.mcpserver.exceptions import ToolError

server = MCPServer("peer", instructions="Adds numbers.")


@server.tool()
def add(a: int, b: int) -> int:
    """Add two numbers"""
    return a + b


@server.tool()
async def slow(steps: int, ctx: Context) -> str:
    """Takes steps of 100 ms"""
    for i in range(steps):
        await asyncio.sleep(0.1)
        await ctx.report_progress(i + 1, steps, f"step {i + 1}")
    return "done"


@server.tool()
def fail() -> str:
    """Always fails"""
    raise ToolError("it is broken")


@server.tool()
async def grow(ctx: Context) -> str:
    """Adds a tool"""
    server.add_tool(lambda: "here", name="grown", description="A new tool")
    # To those who listen, as revision 2026-07-28 has it, and to the session of older ones.
    await ctx.notify_tools_changed()
    if ctx.protocol_version != "2026-07-28":
        await ctx.session.send_tool_list_changed()
    await ctx.session.send_log_message(level="warning", data="grown")
    return "grown"


def client_roots() -> ListRoots:
    return ListRoots()


@server.tool()
async def roots(found: Annotated[ListRootsResult, Resolve(client_roots)]) -> str:
    """Lists the client's roots: by a request of the server's own, or by a result that asks for them"""
    return str(found.roots[0].uri)


@server.tool()
def crash() -> str:
    """Ends the server"""
    print("last words", file=sys.stderr, flush=True)
    os._exit(3)


if sys.argv[1] == "stdio":
    server.run("stdio")
else:
    server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
