package dev.jebena.cli;

import dev.jebena.hub.ModelMessage;
import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Message;
import dev.jebena.llm.Tool;
import dev.jebena.llm.ToolPrompt;
import dev.jebena.tokenizers.ChatTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The messages between a user and a model of the store, with the model's own system message,
/// template and parameters.
final class Conversation {
    private final Llm llm;
    private final StoredModel model;
    private final List<Message> messages = new ArrayList<>();
    private @Nullable String system;
    private Generation options;

    Conversation(Llm llm, StoredModel model, Generation options) {
        this.llm = llm;
        this.model = model;
        this.options = options;
        this.system = model.system();
        clear();
    }

    Llm llm() {
        return llm;
    }

    StoredModel model() {
        return model;
    }

    Generation options() {
        return options;
    }

    void options(Generation changed) {
        options = changed;
    }

    @Nullable String system() {
        return system;
    }

    void system(@Nullable String text) {
        system = text;
    }

    /// Everything said so far, without the system message.
    List<Message> messages() {
        return messages;
    }

    /// Forgets what was said, but not what the model itself begins with.
    void clear() {
        messages.clear();
        for (ModelMessage message : model.messages()) {
            messages.add(Message.of(message.role(), message.content()));
        }
    }

    /// Asks; the caller says with [#answered] what of the answer becomes part of the conversation.
    Answer ask(String question) {
        messages.add(Message.user(question));
        return answer(List.of());
    }

    /// The prompt that asks.
    String asked(String question) {
        messages.add(Message.user(question));
        return prompt(List.of());
    }

    /// Starts the answer to the messages as they are.
    ///
    /// @param tools what the model may call
    Answer answer(List<Tool> tools) {
        return llm.generate(prompt(tools), options);
    }

    /// An empty answer takes the question back: most templates want the roles to alternate.
    void answered(String text) {
        if (text.isEmpty()) {
            messages.removeLast();
        } else {
            messages.add(Message.assistant(text));
        }
    }

    private String prompt(List<Tool> tools) {
        List<Message> all = new ArrayList<>(messages);
        if (system != null && !system.isEmpty()) {
            all.addFirst(Message.system(system));
        }
        if (!model.hasJinjaTemplate() || model.template() == null) {
            return ToolPrompt.prompt(llm, all, tools, Map.of());
        }
        ChatTemplate template = ChatTemplate.of(model.template());
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        if (!template.supportsTools()) {
            all = ToolPrompt.inWords(all, tools);
        } else if (!tools.isEmpty()) {
            variables.put("tools", tools.stream().map(Tool::definition).toList());
        }
        variables.put("messages", all.stream().map(Message::fields).toList());
        variables.put("add_generation_prompt", true);
        variables.put("bos_token", spelled(llm.tokenizer().bos()));
        variables.put("eos_token", spelled(llm.tokenizer().eos()));
        return template.render(variables);
    }

    private String spelled(java.util.OptionalInt id) {
        return id.isPresent() ? llm.tokenizer().token(id.getAsInt()) : "";
    }
}
