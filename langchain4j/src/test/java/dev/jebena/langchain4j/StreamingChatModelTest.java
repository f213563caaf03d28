package dev.jebena.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.testkit.FakeLlm;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamingChatModelTest {
    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();
    private final FakeLlm llm =
            FakeLlm.of(
                    FakeLlm.Settings.defaults()
                            .delay(Duration.ofMillis(1))
                            .script(_ ->
                                    answers.isEmpty()
                                            ? "A long story. ".repeat(50)
                                            : answers.remove()));
    private final JebenaStreamingChatModel model =
            JebenaStreamingChatModel.builder().llm(llm).build();

    private class Handler implements StreamingChatResponseHandler {
        @Override
        public void onPartialResponse(String piece) {
            heard.add(piece);
        }

        @Override
        public void onPartialToolCall(PartialToolCall call) {
            heard.add("partial " + call.name() + call.partialArguments());
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            heard.add("complete " + call.toolExecutionRequest().name());
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable e) {
            end.completeExceptionally(e);
        }
    }

    interface Assistant {
        TokenStream chat(String question);
    }

    static final class Sums {
        @Tool("Adds two numbers")
        int add(int a, int b) {
            return a + b;
        }
    }

    @Test
    void piecesMakeTheWholeAnswer() throws Exception {
        answers.add("The sky is blue.");
        model.chat("Why?", new Handler());
        ChatResponse response = end.get(10, TimeUnit.SECONDS);
        assertThat(String.join("", heard)).isEqualTo("The sky is blue.");
        assertThat(response.aiMessage().text()).isEqualTo("The sky is blue.");
        assertThat(heard).hasSizeGreaterThan(3);
    }

    @Test
    void aServiceStreamsAroundItsTools() throws Exception {
        answers.add(
                "Wait. <tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 2, \"b\": 3}}</tool_call>");
        answers.add("It is 5.");
        Assistant assistant =
                AiServices.builder(Assistant.class)
                        .streamingChatModel(model)
                        .tools(new Sums())
                        .build();
        assistant
                .chat("What is 2 + 3?")
                .onPartialResponse(heard::add)
                .onToolExecuted(t -> heard.add("[" + t.result() + "]"))
                .onCompleteResponse(end::complete)
                .onError(end::completeExceptionally)
                .start();
        assertThat(end.get(10, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("It is 5.");
        assertThat(String.join("", heard)).isEqualTo("Wait. [5]It is 5.");
    }

    @Test
    void callsAreToldWhenTheyAreThere() throws Exception {
        answers.add("<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 2}}</tool_call>");
        model.chat(
                dev.langchain4j.model.chat.request.ChatRequest.builder()
                        .messages(UserMessage.from("Hi"))
                        .toolSpecifications(
                                dev.langchain4j.agent.tool.ToolSpecification.builder()
                                        .name("add")
                                        .build())
                        .build(),
                new Handler());
        assertThat(end.get(10, TimeUnit.SECONDS).aiMessage().hasToolExecutionRequests()).isTrue();
        assertThat(heard).containsExactly("partial add{\"a\":2}", "complete add");
    }

    @Test
    void aHandlerThatCancelsHearsNothingMore() throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        model.chat(
                "A story",
                new Handler() {
                    @Override
                    public void onPartialResponse(
                            PartialResponse piece, PartialResponseContext context) {
                        heard.add(piece.text());
                        if (heard.size() == 3) {
                            context.streamingHandle().cancel();
                            assertThat(context.streamingHandle().isCancelled()).isTrue();
                            cancelled.complete(null);
                        }
                    }
                });
        cancelled.get(10, TimeUnit.SECONDS);
        for (int i = 0; llm.stats().running() > 0 && i < 100; i++) {
            Thread.sleep(10);
        }
        assertThat(llm.stats().running()).isZero();
        assertThat(heard).hasSize(3);
        assertThat(end).isNotDone();
    }

    @Test
    void aRefusalGoesToTheHandler() {
        llm.close();
        model.chat("Hi", new Handler());
        assertThatThrownBy(() -> end.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(LangChain4jException.class);
    }
}
