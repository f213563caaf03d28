package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Message;
import dev.jebena.llm.Tool;
import dev.jebena.llm.ToolCall;
import dev.jebena.llm.ToolCallReader;
import dev.jebena.mcp.McpToolResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One question, answered with as many rounds of tools as the model asks for: it writes, the tools
/// that it calls are run, it reads their results and writes on.
final class ToolTurn {
    private static final String REFUSED = "The user did not allow this call.";

    private final Conversation conversation;
    private final ToolBox box;
    private final int maxRounds;
    private final Predicate<ToolCall> consent;
    private final Consumer<String> notes;
    private final List<Map<String, @Nullable Object>> calls = new ArrayList<>();
    private volatile @Nullable Answer current;
    private volatile @Nullable Thread calling;
    private volatile boolean stopped;

    /// @param consent asked before every call
    /// @param notes hears of calls and results, a line each
    ToolTurn(
            Conversation conversation,
            ToolBox box,
            int maxRounds,
            Predicate<ToolCall> consent,
            Consumer<String> notes) {
        this.conversation = conversation;
        this.box = box;
        this.maxRounds = maxRounds;
        this.consent = consent;
        this.notes = notes;
    }

    /// The calls that were made, with their results.
    List<Map<String, @Nullable Object>> calls() {
        return calls;
    }

    /// Ends what runs, the answer or a tool. For another thread.
    void stop() {
        stopped = true;
        Answer answer = current;
        if (answer != null) {
            answer.close();
        }
        Thread thread = calling;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /// Asks and returns the last answer, read to its end. A turn that fails leaves the conversation
    /// as it was.
    ///
    /// @param out hears the text that is no call
    Answer run(String question, Consumer<String> out) {
        List<Message> before = List.copyOf(conversation.messages());
        try {
            conversation.messages().add(Message.user(question));
            for (int round = 1; ; round++) {
                List<Tool> tools = round <= maxRounds ? box.tools() : List.of();
                Answer answer = conversation.answer(tools);
                current = answer;
                List<ToolCall> asked = read(answer, tools, out);
                if (asked.isEmpty() || stopped) {
                    return answer;
                }
                answer.close();
                asked.forEach(this::call);
                if (stopped) {
                    return answer;
                }
            }
        } catch (RuntimeException e) {
            conversation.messages().clear();
            conversation.messages().addAll(before);
            throw e;
        } finally {
            current = null;
        }
    }

    /// Reads an answer and keeps it in the conversation; the calls that it ends with.
    private List<ToolCall> read(Answer answer, List<Tool> tools, Consumer<String> out) {
        ToolCallReader reader = new ToolCallReader(tools);
        ThinkingOutput thinking = new ThinkingOutput(conversation.reasoning(), _ -> {});
        StringBuilder text = new StringBuilder();
        try {
            while (answer.hasNext()) {
                show(reader.add(thinking.add(answer.next().text())), text, out);
            }
        } catch (NoSuchElementException e) {
            // Stopped between hasNext and next: the answer has ended here.
            stopped = true;
        }
        show(reader.add(thinking.end()) + reader.end(), text, out);
        stopped |= answer.finishReason() == FinishReason.CANCELLED;
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("role", "assistant");
        fields.put("content", text.toString());
        if (!reader.calls().isEmpty()) {
            fields.put("tool_calls", callFields(reader.calls()));
        }
        conversation.messages().add(new Message(fields));
        return reader.calls();
    }

    private static void show(String piece, StringBuilder text, Consumer<String> out) {
        if (!piece.isEmpty()) {
            text.append(piece);
            out.accept(piece);
        }
    }

    private List<Object> callFields(List<ToolCall> asked) {
        List<Object> fields = new ArrayList<>();
        for (ToolCall call : asked) {
            Map<String, @Nullable Object> function = new LinkedHashMap<>();
            function.put("name", call.name());
            function.put("arguments", call.arguments());
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("id", id(calls.size() + fields.size()));
            one.put("type", "function");
            one.put("function", function);
            fields.add(one);
        }
        return fields;
    }

    /// Nine characters, as Mistral's templates want them.
    private static String id(int number) {
        return "call%05d".formatted(number);
    }

    private void call(ToolCall call) {
        notes.accept("→ " + ToolBox.shown(call));
        McpToolResult result =
                !stopped && consent.test(call) ? called(call) : McpToolResult.failed(REFUSED);
        String text = result.text();
        notes.accept((result.error() ? "✗ " : "← ") + brief(text));
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        kept.put("name", call.name());
        kept.put("arguments", call.arguments());
        kept.put("result", text);
        kept.put("error", result.error());
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("role", "tool");
        fields.put("name", call.name());
        fields.put("tool_call_id", id(calls.size()));
        fields.put("content", result.error() ? Json.write(Map.of("error", text)) : text);
        calls.add(kept);
        conversation.messages().add(new Message(fields));
    }

    private McpToolResult called(ToolCall call) {
        calling = Thread.currentThread();
        try {
            return box.call(call);
        } finally {
            calling = null;
            // A call that was stopped leaves the mark on the thread, which goes on.
            Thread.interrupted();
        }
    }

    private static String brief(String text) {
        String line = text.lines().findFirst().orElse("");
        boolean more = line.length() < text.stripTrailing().length();
        return line.length() > 200 ? line.substring(0, 199) + "…" : line + (more ? " …" : "");
    }
}
