package dev.jebena.langchain4j;

import dev.jebena.llm.Generation;
import dev.jebena.llm.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// LangChain4j's parameters as the engine's.
final class Parameters {
    private Parameters() {}

    /// `base` changed by what `asked` says.
    static Generation over(Generation base, ChatRequestParameters asked) {
        Generation g = base;
        g = with(g, asked.temperature(), (o, v) -> o.temperature(v.floatValue()));
        g = with(g, asked.topP(), (o, v) -> o.topP(v.floatValue()));
        g = with(g, asked.topK(), Generation::topK);
        g = with(g, asked.frequencyPenalty(), (o, v) -> o.frequencyPenalty(v.floatValue()));
        g = with(g, asked.presencePenalty(), (o, v) -> o.presencePenalty(v.floatValue()));
        g = with(g, asked.maxOutputTokens(), Generation::maxTokens);
        return with(g, asked.stopSequences(), (o, v) -> v.isEmpty() ? o : o.stop(v));
    }

    private static <T> Generation with(
            Generation g, @Nullable T value, BiFunction<Generation, T, Generation> change) {
        return value == null ? g : change.apply(g, value);
    }

    static Tool tool(ToolSpecification specification) {
        return Tool.of(
                specification.name(),
                specification.description() == null ? "" : specification.description(),
                specification.parameters() == null
                        ? Tool.NO_PARAMETERS
                        : schema(specification.parameters(), false));
    }

    /// A schema as parsed JSON.
    ///
    /// @param strict require every field; those that may be absent may be null then
    static Map<String, @Nullable Object> schema(JsonSchemaElement element, boolean strict) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        JsonSchemaElementUtils.toMap(element, strict)
                .forEach((name, value) -> schema.put(name, plain(value)));
        return schema;
    }

    /// LangChain4j writes arrays where parsed JSON has lists.
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Object[] array -> Arrays.stream(array).map(Parameters::plain).toList();
            case List<?> list -> list.stream().map(Parameters::plain).toList();
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((name, inner) -> plain.put(String.valueOf(name), plain(inner)));
                yield plain;
            }
            case null, default -> value;
        };
    }
}
