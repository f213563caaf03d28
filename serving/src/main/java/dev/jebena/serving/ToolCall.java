package dev.jebena.serving;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A call of a function that the model asks for.
record ToolCall(String name, Map<String, @Nullable Object> arguments) {}
