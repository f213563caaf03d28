package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.hub.ModelMessage;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Message;
import dev.jebena.llm.Tool;
import dev.jebena.llm.ToolPrompt;
import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Conversations to prompts.
final class ChatPrompt {
    private static final Pattern JOINED_ARGUMENTS =
            Pattern.compile(
                    "(?:\\['arguments']|\\.arguments)\\s*\\+|\\+\\s*\\w+\\['function']\\['arguments']");

    private ChatPrompt() {}

    /// The prompt of a conversation for the leased model: the Modelfile's messages and system text
    /// first (unless the conversation has its own), tools by the template or, where it knows none,
    /// in words.
    static String of(
            ModelLease lease,
            List<Message> conversation,
            List<Tool> tools,
            Map<String, ? extends @Nullable Object> extra) {
        return of(lease, lease.template(), conversation, tools, extra);
    }

    /// The same by a template that need not be the model's.
    static String of(
            ModelLease lease,
            @Nullable ChatTemplate template,
            List<Message> conversation,
            List<Tool> tools,
            Map<String, ? extends @Nullable Object> extra) {
        List<Message> messages = withDefaults(lease, conversation);
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(extra);
        if (template != null && template.supportsTools()) {
            if (!tools.isEmpty()) {
                variables.put("tools", tools.stream().map(Tool::definition).toList());
            }
            messages = written(template, CallIds.of(template).over(messages));
        } else {
            messages = ToolPrompt.inWords(messages, tools);
        }
        return render(lease, template, messages, variables);
    }

    /// The arguments of earlier calls as JSON for templates that join them to other strings, as
    /// DeepSeek's do.
    private static List<Message> written(ChatTemplate template, List<Message> messages) {
        if (!JOINED_ARGUMENTS.matcher(template.source()).find()) {
            return messages;
        }
        List<Message> changed = new ArrayList<>();
        for (Message message : messages) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(message.fields());
            fields.computeIfPresent(
                    "tool_calls",
                    (_, calls) ->
                            calls instanceof List<?> list
                                    ? list.stream().map(ChatPrompt::written).toList()
                                    : calls);
            changed.add(new Message(fields));
        }
        return changed;
    }

    private static Object written(Object call) {
        if (!(call instanceof Map<?, ?> map)
                || !(map.get("function") instanceof Map<?, ?> called)) {
            return call;
        }
        Map<Object, @Nullable Object> function = new LinkedHashMap<>(called);
        function.computeIfPresent(
                "arguments", (_, value) -> value instanceof String ? value : HttpJson.text(value));
        Map<Object, @Nullable Object> changed = new LinkedHashMap<>(map);
        changed.put("function", function);
        return changed;
    }

    private static List<Message> withDefaults(ModelLease lease, List<Message> conversation) {
        List<Message> messages = new ArrayList<>();
        boolean system =
                conversation.stream().anyMatch(m -> "system".equals(m.fields().get("role")));
        String text = lease.model().system();
        if (!system && text != null) {
            messages.add(Message.system(text));
        }
        for (ModelMessage message : lease.model().messages()) {
            messages.add(Message.of(message.role(), message.content()));
        }
        messages.addAll(conversation);
        return messages;
    }

    private static String render(
            ModelLease lease,
            @Nullable ChatTemplate template,
            List<Message> messages,
            Map<String, @Nullable Object> variables) {
        if (template == null || template == lease.llm().chatTemplate()) {
            return lease.llm().prompt(messages, variables);
        }
        return render(lease.llm(), template, messages, variables);
    }

    /// A conversation by a template that is not the model's own.
    static String render(
            Llm llm,
            ChatTemplate template,
            List<Message> messages,
            Map<String, ? extends @Nullable Object> extra) {
        Tokenizer tokenizer = llm.tokenizer();
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        variables.put("add_generation_prompt", true);
        variables.put("bos_token", spelling(tokenizer, tokenizer.bos()));
        variables.put("eos_token", spelling(tokenizer, tokenizer.eos()));
        variables.putAll(extra);
        variables.put("messages", messages.stream().map(Message::fields).toList());
        return template.render(variables);
    }

    private static String spelling(Tokenizer tokenizer, OptionalInt id) {
        return id.isPresent() ? tokenizer.token(id.getAsInt()) : "";
    }

    /// The ids of a prompt that a template made: special tokens in it count, and BOS is not added a
    /// second time where the template wrote it.
    static int[] encode(Tokenizer tokenizer, String prompt) {
        String bos = spelling(tokenizer, tokenizer.bos());
        boolean written = !bos.isEmpty() && prompt.startsWith(bos);
        return tokenizer.encode(prompt, !written, true);
    }
}
