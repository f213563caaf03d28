#!/usr/bin/env python3
"""Makes chat_templates.json: templates, variables and what Jinja2 renders, set up as
Hugging Face transformers' apply_chat_template does it. Needs jinja2 3.1.

Cases: each line of chat_template_snippets.txt, each block of chat_template_blocks.txt (separated by
=====), and each of chat_templates/*.jinja with all CONVERSATIONS. With tokenizer_config.json or
.jinja files as further arguments: the templates in these instead.
"""
import datetime, json, pathlib, sys
import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 3, 5, 14, 7, 9)


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        call = self.call_method("_keep", [])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _keep(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: NOW.strftime(format)
    return env


WEATHER = {"type": "function", "function": {
    "name": "get_weather", "description": "Weather of a place", "parameters": {
        "type": "object", "required": ["city"], "properties": {
            "city": {"type": "string", "description": "The city's name, e.g. \"Addis Ababa\""},
            "unit": {"type": ["string", "null"], "enum": ["celsius", "fahrenheit"]},
            "days": {"type": "array", "items": {"type": "integer"}}}},
    "return": {"type": "number"}}}
TIME = {"type": "function", "function": {
    "name": "now", "description": "The time <now> & 'here'", "parameters": {"type": "object", "properties": {}}}}
CALL = {"role": "assistant", "content": "", "tool_calls": [{"id": "call00001", "type": "function", "function": {
    "name": "get_weather", "arguments": {"city": "Addis Ababa", "days": [1, 2], "x": None, "ok": True, "f": 1.5}}}]}
RESULT = {"role": "tool", "name": "get_weather", "tool_call_id": "call00001", "content": "{\"temperature\": 22.5}"}
SYSTEM = {"role": "system", "content": "  You are kind. \n"}
USER = {"role": "user", "content": "Hello 😀, \"how\" are you?\n"}
THINKING = {"role": "assistant", "content": "<think>\nHm.\n</think>\n\nFine, thanks."}
ANSWER = {"role": "assistant", "content": "Fine, thanks. "}
AGAIN = {"role": "user", "content": "What is the weather in Addis Ababa?"}
PARTS = {"role": "user", "content": [{"type": "text", "text": "Look: "}, {"type": "image"}, {"type": "text", "text": " what?"}]}

SNIPPET_VARIABLES = {
    "user": {"name": "Ann", "age": 3}, "items": [1, 2, 3],
    "messages": [{"role": "system", "content": " be nice "}, {"role": "user", "content": "hi</think>\nthere"}],
    "msgs": [{"role": "system", "content": "s"}, {"role": "user", "content": "u1"},
             {"role": "assistant", "content": "a", "tool": True}, {"role": "user", "content": "u2"}],
    "add_generation_prompt": True, "text": "quote\" é <x> 'y' \\ \n end",
    "nums": {"i": 3, "f": 0.1, "big": 12345678901234567890, "neg": -5, "t": True, "n": None},
    "nested": {"tools": [WEATHER]}}

BASE = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
CONVERSATIONS = {
    "user": dict(messages=[USER], add_generation_prompt=True),
    "closed": dict(messages=[USER, ANSWER], add_generation_prompt=False),
    "system": dict(messages=[SYSTEM, USER], add_generation_prompt=True),
    "dialog": dict(messages=[SYSTEM, USER, ANSWER, AGAIN], add_generation_prompt=True),
    "thinking": dict(messages=[USER, THINKING, AGAIN], add_generation_prompt=True),
    "no_thinking": dict(messages=[USER, THINKING, AGAIN], add_generation_prompt=True, enable_thinking=False),
    "tools": dict(messages=[SYSTEM, AGAIN], tools=[WEATHER, TIME], add_generation_prompt=True),
    "tools_without_system": dict(messages=[USER], tools=[WEATHER], add_generation_prompt=True),
    "called": dict(messages=[AGAIN, CALL, RESULT], tools=[WEATHER], add_generation_prompt=True),
    "two_results": dict(messages=[SYSTEM, AGAIN, CALL, RESULT, RESULT, ANSWER, USER], tools=[WEATHER, TIME],
                        add_generation_prompt=True),
    "twice_user": dict(messages=[USER, USER]),
    "assistant_first": dict(messages=[ANSWER, USER]),
    "parts": dict(messages=[PARTS], add_generation_prompt=True),
    "documents": dict(messages=[USER], documents=[{"title": "T", "text": "body"}], add_generation_prompt=True),
}


def render(source, variables):
    try:
        return {"text": environment().from_string(source).render(**variables)}
    except jinja2.exceptions.TemplateError as e:
        raised = type(e) is jinja2.exceptions.TemplateError
        return {"raised" if raised else "error": str(e)}
    except Exception as e:
        return {"error": f"{type(e).__name__}: {e}"}


def snippets():
    yield from (HERE / "chat_template_snippets.txt").read_text().splitlines()
    yield from (HERE / "chat_template_blocks.txt").read_text().split("=====\n")


def cases():
    for source in snippets():
        yield "snippet", source, SNIPPET_VARIABLES
    for file in sorted((HERE / "chat_templates").glob("*.jinja")):
        for name, conversation in CONVERSATIONS.items():
            yield file.stem + "/" + name, file.read_text(), {**BASE, **conversation}


def real(path):
    """Cases for one tokenizer_config.json that is not committed, for a look at real templates."""
    text = pathlib.Path(path).read_text()
    template = text if path.endswith(".jinja") else json.loads(text)["chat_template"]
    templates = template if isinstance(template, list) else [{"name": "default", "template": template}]
    for entry in templates:
        for name, conversation in CONVERSATIONS.items():
            yield f"{path}:{entry['name']}/{name}", entry["template"], {**BASE, **conversation}


def main():
    paths = sys.argv[2:]
    chosen = [case for path in paths for case in real(path)] if paths else cases()
    sources, variables, out = [], [], []
    for name, source, values in chosen:
        if source not in sources:
            sources.append(source)
        if values not in variables:
            variables.append(values)
        out.append({"name": name, "template": sources.index(source), "variables": variables.index(values),
                    **render(source, values)})
    result = {"now": NOW.isoformat(), "templates": sources, "variables": variables, "cases": out}
    pathlib.Path(sys.argv[1]).write_text(json.dumps(result, ensure_ascii=False, indent=0) + "\n")
    print(len(out), "cases,", sum("text" in c for c in out), "with text")


if __name__ == "__main__":
    main()
