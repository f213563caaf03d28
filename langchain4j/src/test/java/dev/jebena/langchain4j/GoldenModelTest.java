package dev.jebena.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.LlmOptions;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.output.JsonSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A small real model with random weights: what holds must hold by the engine's force.
class GoldenModelTest {
    @TempDir static Path folder;

    private static Llm llm;

    enum Mood {
        GLAD,
        SAD
    }

    record Guest(String name, int age, Mood mood, List<String> wishes) {}

    interface Reader {
        Guest guest(String text);

        boolean isPolite(String text);
    }

    @BeforeAll
    static void load() throws IOException {
        Path packed =
                Path.of(System.getProperty("jebena.shared", "../../shared"))
                        .resolve("golden/models/llama-F32.gguf.gz");
        Path file = folder.resolve("llama.gguf");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, file);
        }
        llm = Llm.load(file, LlmOptions.defaults().contextLength(1000).threads(1));
    }

    @AfterAll
    static void close() {
        llm.close();
    }

    private static JebenaChatModel.Builder model() {
        return JebenaChatModel.builder().llm(llm).seed(7);
    }

    @Test
    void objectsAlwaysParse() {
        Reader reader =
                AiServices.builder(Reader.class)
                        .chatModel(model().maxOutputTokens(400).build())
                        .build();
        for (int i = 0; i < 5; i++) {
            Guest guest = reader.guest("Guest number " + i);
            // LangChain4j's schemas require no field of its own accord.
            assertThat(guest.mood()).isIn(null, Mood.GLAD, Mood.SAD);
        }
    }

    @Test
    void aStrictSchemaLeavesNoFieldOut() {
        ChatModel model = model().strictJsonSchema(true).maxOutputTokens(400).build();
        ChatRequest request =
                ChatRequest.builder()
                        .messages(UserMessage.from("A guest"))
                        .responseFormat(
                                ResponseFormat.builder()
                                        .type(ResponseFormatType.JSON)
                                        .jsonSchema(
                                                JsonSchemas.jsonSchemaFrom(Guest.class)
                                                        .orElseThrow())
                                        .build())
                        .build();
        assertThat(model.chat(request).aiMessage().text())
                .contains("\"name\"", "\"age\"", "\"mood\"", "\"wishes\"");
    }

    @Test
    void theSameSeedGivesTheSameAnswer() {
        ChatModel model = model().maxOutputTokens(20).temperature(1.0).build();
        assertThat(model.chat("Hello")).isEqualTo(model.chat("Hello"));
    }

    @Test
    void whatIsOutOfRangeOrTooLongIsAnInvalidRequest() {
        assertThatThrownBy(() -> model().temperature(-1.0).build().chat("Hi"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("temperature is -1.0");
        assertThatThrownBy(() -> model().build().chat("many words ".repeat(1000)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("context");
        assertThatThrownBy(() -> model().timeout(Duration.ofNanos(1)).build().chat("Hi"))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void everyCodeOfTheEngineHasItsException() {
        Map<LlmException.Code, Class<?>> expected =
                Map.of(
                        LlmException.Code.BAD_REQUEST, InvalidRequestException.class,
                        LlmException.Code.CONTEXT_OVERFLOW, InvalidRequestException.class,
                        LlmException.Code.UNSUPPORTED, UnsupportedFeatureException.class,
                        LlmException.Code.QUEUE_FULL, RateLimitException.class,
                        LlmException.Code.TIME_LIMIT, TimeoutException.class,
                        LlmException.Code.CLOSED, InternalServerException.class,
                        LlmException.Code.OUT_OF_MEMORY, InternalServerException.class);
        expected.forEach((code, type) ->
                assertThatThrownBy(() ->
                                EngineExceptions.mapped(() -> {
                                    throw new LlmException(code, "because");
                                }))
                        .isInstanceOf(type)
                        .hasMessageContaining("because"));
    }
}
