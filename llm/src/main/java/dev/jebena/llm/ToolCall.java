package dev.jebena.llm;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A call of a function that the model asks for.
public record ToolCall(String name, Map<String, @Nullable Object> arguments) {}
