"""LangChain's Ollama package against `jebena serve`. Runs in the folder where the conformance clients are installed."""
from _common import *
from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM
from pydantic import BaseModel

chat = ChatOllama(model=CHAT, base_url=BASE, temperature=0, seed=1, num_predict=16)


@check("invoke, and its stream rebuilds it", "chat")
def _():
    whole = chat.invoke("Say something about the sea.")
    assert whole.content and whole.usage_metadata["output_tokens"] > 0
    eq("".join(piece.content for piece in chat.stream("Say something about the sea.")), whole.content)


@check("several at once, with a system message", "chat")
def _():
    answers = chat.batch([[("system", "Be brief."), ("human", "Hi.")], [("human", "Hello.")]])
    assert all(answer.content for answer in answers)


@check("structured output by a JSON schema", "chat schema")
def _():
    class City(BaseModel):
        name: str
        capital: bool

    model = ChatOllama(model=CHAT, base_url=BASE, temperature=0, seed=1, num_predict=120)
    assert isinstance(model.with_structured_output(City, method="json_schema").invoke("Describe Paris."), City)


@check("tools are bound, and their results are read", "chat")
def _():
    def weather(city: str) -> str:
        """The weather of a city."""
        return "sunny in " + city

    from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

    bound = chat.bind_tools([weather])
    assert isinstance(bound.invoke("Hi."), AIMessage)
    call = {"name": "weather", "args": {"city": "Paris"}, "id": "1", "type": "tool_call"}
    history = [HumanMessage("The weather in Paris?"), AIMessage("", tool_calls=[call]), ToolMessage("sunny", tool_call_id="1")]
    assert bound.invoke(history).content


@check("completion, and its stream rebuilds it", "chat")
def _():
    model = OllamaLLM(model=CHAT, base_url=BASE, temperature=0, seed=1, num_predict=12)
    eq("".join(model.stream("The sea")), model.invoke("The sea"))


@check("embeddings: near texts are near", "embed")
def _():
    embed = OllamaEmbeddings(model=EMBED, base_url=BASE)
    a, b, c = embed.embed_documents(["a cat", "a kitten", "a bill of lading"])
    assert cos(a, b) > cos(a, c)
    assert len(embed.embed_query("a cat")) == len(a)


done()
