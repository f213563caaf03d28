package dev.jebena.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.llm.Generation;
import dev.jebena.testkit.FakeLlm;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/// LangChain4j's chat model over a scripted one, and its AiServices on top.
class ChatModelTest {
    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> prompts = new ArrayList<>();
    private FakeLlm.Settings settings =
            FakeLlm.Settings.defaults()
                    .script(prompt -> {
                        prompts.add(prompt);
                        return answers.isEmpty() ? "It is blue." : answers.remove();
                    });

    private JebenaChatModel.Builder model() {
        return JebenaChatModel.builder().llm(FakeLlm.of(settings));
    }

    /// What the services answer.
    interface Assistant {
        String chat(String question);

        Person person(String text);
    }

    record Person(String name, int age) {}

    /// Tools of the tests.
    static final class Sums {
        int calls;

        @Tool("Adds two numbers")
        int add(int a, int b) {
            calls++;
            return a + b;
        }
    }

    private static final ToolSpecification ADD =
            ToolSpecification.builder()
                    .name("add")
                    .description("Adds two numbers")
                    .parameters(
                            JsonObjectSchema.builder()
                                    .addIntegerProperty("a")
                                    .addIntegerProperty("b")
                                    .required("a", "b")
                                    .build())
                    .build();

    @Test
    void anAnswerTellsItsTokensAndWhyItEnded() {
        ChatResponse response = model().build().chat(UserMessage.from("Why is the sky blue?"));
        assertThat(response.aiMessage().text()).isEqualTo("It is blue.");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().outputTokenCount()).isPositive();
        assertThat(response.tokenUsage().totalTokenCount())
                .isEqualTo(
                        response.tokenUsage().inputTokenCount()
                                + response.tokenUsage().outputTokenCount());
        assertThat(response.modelName()).isNotBlank();
        assertThat(response.id()).isNotBlank();
        assertThat(prompts.getFirst()).contains("Why is the sky blue?");
    }

    @Test
    void parametersOfTheRequestComeBeforeThoseOfTheModel() {
        ChatModel model = model().maxOutputTokens(3).stopSequences(List.of("is")).build();
        ChatResponse cut = model.chat(UserMessage.from("Hi"));
        assertThat(cut.aiMessage().text()).isEqualTo("It ");
        ChatRequest longer =
                ChatRequest.builder()
                        .messages(UserMessage.from("Hi"))
                        .maxOutputTokens(4)
                        .stopSequences(List.of("nothing"))
                        .build();
        assertThat(model.chat(longer).aiMessage().text()).isEqualTo("It i");
        assertThat(model.chat(longer).finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(
                        Parameters.over(
                                Generation.defaults(),
                                ChatRequest.builder()
                                        .messages(UserMessage.from("Hi"))
                                        .temperature(0.25)
                                        .topP(0.5)
                                        .topK(7)
                                        .presencePenalty(0.75)
                                        .frequencyPenalty(1.5)
                                        .build()
                                        .parameters()))
                .isEqualTo(
                        Generation.defaults()
                                .temperature(0.25f)
                                .topP(0.5f)
                                .topK(7)
                                .presencePenalty(0.75f)
                                .frequencyPenalty(1.5f));
    }

    @Test
    void aServiceCallsItsToolsAndRemembers() {
        Sums sums = new Sums();
        answers.add(
                "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 2, \"b\": 3}}</tool_call>");
        answers.add("It is 5.");
        Assistant assistant =
                AiServices.builder(Assistant.class)
                        .chatModel(model().build())
                        .tools(sums)
                        .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
                        .build();
        assertThat(assistant.chat("What is 2 + 3?")).isEqualTo("It is 5.");
        assertThat(sums.calls).isEqualTo(1);
        assertThat(prompts.getFirst()).contains("Adds two numbers");
        assertThat(prompts.getLast()).contains("2 + 3?", "5");
        assistant.chat("And now?");
        assertThat(prompts.getLast()).contains("2 + 3?", "And now?");
    }

    @Test
    void aServiceReadsObjectsThatItsSchemaForces() {
        // The scripted model would say something else; the constraint decides.
        Assistant assistant =
                AiServices.builder(Assistant.class).chatModel(model().build()).build();
        Person person = assistant.person("Abebe is 42 years old.");
        assertThat(person).isNotNull();
        assertThat(person.name()).isNotNull();
    }

    @Test
    void aRequiredToolIsCalledWhateverTheModelWouldSay() {
        ChatRequest request =
                ChatRequest.builder()
                        .messages(UserMessage.from("Hi"))
                        .toolSpecifications(ADD)
                        .toolChoice(ToolChoice.REQUIRED)
                        .build();
        ChatResponse response = model().build().chat(request);
        AiMessage message = response.aiMessage();
        assertThat(message.toolExecutionRequests()).hasSize(1);
        assertThat(message.toolExecutionRequests().getFirst().name()).isEqualTo("add");
        assertThat(message.toolExecutionRequests().getFirst().arguments()).contains("\"a\":");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    }

    @Test
    void withoutAChoiceOfToolsACallIsText() {
        String call = "<tool_call>{\"name\": \"add\", \"arguments\": {}}</tool_call>";
        answers.add(call);
        ChatRequest request =
                ChatRequest.builder()
                        .messages(UserMessage.from("Hi"))
                        .toolSpecifications(ADD)
                        .toolChoice(ToolChoice.NONE)
                        .build();
        assertThat(model().build().chat(request).aiMessage().text()).isEqualTo(call);
    }

    @Test
    void jsonWithoutASchemaIsAnObject() {
        ChatRequest request =
                ChatRequest.builder()
                        .messages(UserMessage.from("Hi"))
                        .responseFormat(ResponseFormat.JSON)
                        .build();
        assertThat(model().build().chat(request).aiMessage().text()).startsWith("{");
    }

    @Test
    void listenersHearRequestsAnswersAndErrors() {
        List<String> heard = new ArrayList<>();
        ChatModelListener listener =
                new ChatModelListener() {
                    @Override
                    public void onRequest(ChatModelRequestContext context) {
                        heard.add("request");
                    }

                    @Override
                    public void onResponse(ChatModelResponseContext context) {
                        heard.add(context.chatResponse().aiMessage().text());
                    }

                    @Override
                    public void onError(ChatModelErrorContext context) {
                        heard.add(context.error().getClass().getSimpleName());
                    }
                };
        ChatModel model = model().listeners(List.of(listener)).build();
        model.chat("Hi");
        settings = settings.places(0);
        assertThatThrownBy(() -> model().listeners(List.of(listener)).build().chat("Hi"))
                .isInstanceOf(RateLimitException.class);
        assertThat(heard)
                .containsExactly("request", "It is blue.", "request", "RateLimitException");
    }

    @Test
    void whatTheEngineRefusesIsAnExceptionOfLangChain4j() {
        ChatModel model = model().modelName("sky").build();
        assertThatThrownBy(() ->
                        model.chat(
                                ChatRequest.builder()
                                        .messages(UserMessage.from("Hi"))
                                        .modelName("sea")
                                        .build()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("this is the model sky; the request names sea");
        assertThatThrownBy(() -> model.chat(UserMessage.from(ImageContent.from("http://x/y.png"))))
                .isInstanceOf(UnsupportedFeatureException.class);
        settings = settings.places(0);
        assertThatThrownBy(() -> model().build().chat("Hi")).isInstanceOf(RateLimitException.class);
        assertThatThrownBy(() -> JebenaChatModel.builder().build())
                .hasMessage("llm is missing: builder().llm(Llm.load(path))");
    }
}
