"""The official Python SDK against `jebena`: over HTTP with and without a handshake, and over standard input and output.
JEBENA_URL is the server, TOOLS_COMMAND the words of `jebena mcp serve` as JSON."""
import asyncio, json, os, sys
from contextlib import asynccontextmanager
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

URL = os.environ["JEBENA_URL"].rstrip("/") + "/mcp"
WORDS = json.loads(os.environ["TOOLS_COMMAND"])
passed = failed = 0


def target(kind):
    if kind == "stdio":
        return stdio_client(StdioServerParameters(command=WORDS[0], args=WORDS[1:], env=dict(os.environ)))
    return URL


async def check(name, fn):
    global passed, failed
    try:
        await fn()
        passed += 1
        print("ok   -", name, flush=True)
    except BaseException as e:
        failed += 1
        print("FAIL -", name, repr(e)[:500], flush=True)


async def tools(client):
    names = {t.name for t in (await client.list_tools()).tools}
    assert names >= {"chat", "generate", "embed", "rerank", "tokenize", "list_models", "pull_model"}, names


async def chat(client):
    told = []

    async def progress(done, total, message):
        told.append(message)

    result = await client.call_tool(
        "chat", {"prompt": "Name a colour.", "model": "smollm2", "max_tokens": 200, "temperature": 0},
        progress_callback=progress)
    assert not result.is_error and result.structured_content["completion_tokens"] > 0, result
    assert result.content[0].text == result.structured_content["text"]


async def schema(client):
    result = await client.call_tool("chat", {
        "prompt": "A colour", "model": "smollm2", "max_tokens": 100,
        "response_schema": {"type": "object", "properties": {"colour": {"enum": ["red", "green"]}},
                            "required": ["colour"], "additionalProperties": False}})
    assert json.loads(result.content[0].text)["colour"] in ("red", "green"), result


async def vectors(client):
    result = await client.call_tool("embed", {"texts": ["a", "b"], "model": "minilm"})
    assert len(result.structured_content["embeddings"]) == 2
    result = await client.call_tool(
        "rerank", {"query": "a cat", "documents": ["a bill", "a kitten"], "model": "minilm"})
    assert result.structured_content["results"][0]["index"] == 1, result
    result = await client.call_tool("tokenize", {"text": "Hello world", "model": "smollm2"})
    assert result.structured_content["count"] == 2, result


async def failures(client):
    result = await client.call_tool("chat", {"prompt": "Hi", "model": "no-such-model"})
    assert result.is_error and "not found" in result.content[0].text, result
    try:
        await client.call_tool("no_such_tool", {})
        raise AssertionError("no error")
    except AssertionError:
        raise
    except Exception as e:
        assert "no_such_tool" in str(e), e


async def resources(client):
    listed = (await client.list_resources()).resources
    assert any("smollm2" in str(r.uri) for r in listed), listed
    read = await client.read_resource(str(listed[0].uri))
    assert json.loads(read.contents[0].text)["name"], read
    assert (await client.list_resource_templates()).resource_templates


async def main():
    for kind, mode in (("http", "auto"), ("http", "legacy"), ("stdio", "legacy"), ("stdio", "auto")):
        try:
            async with Client(target(kind), mode=mode) as client:
                for fn in (tools, chat, schema, vectors, failures, resources):
                    await check(f"{kind}, {mode}: {fn.__name__}", lambda: fn(client))
        except BaseException as e:
            await check(f"{kind}, {mode}: connect", lambda: (_ for _ in ()).throw(e))
    print(f"{passed} passed, {failed} failed", flush=True)
    os._exit(1 if failed else 0)


asyncio.run(main())
