package dev.jebena.cli;

import dev.jebena.hub.ModelMessage;
import dev.jebena.hub.StoredModel;
import dev.jebena.json.Json;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Message;
import dev.jebena.llm.ReasoningMarks;
import dev.jebena.llm.ReasoningText;
import dev.jebena.llm.Session;
import dev.jebena.llm.Tool;
import dev.jebena.llm.ToolCallReader;
import dev.jebena.llm.ToolPrompt;
import dev.jebena.tokenizers.ChatTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The messages between a user and a model of the store, with the model's own system message,
/// template and parameters.
final class Conversation {
    private final Llm llm;
    private final StoredModel model;
    private final List<Message> messages = new ArrayList<>();
    private @Nullable String system;
    private Generation options;
    private Map<String, Object> variables = Map.of();
    private @Nullable ReasoningText reasoning;
    private Set<String> visible = new HashSet<>();

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
        return begin(List.of());
    }

    /// The options, with the special tokens that the last prompt's answer shows.
    Generation shown() {
        return options.visible(visible);
    }

    /// Starts the answer to the messages as they are.
    ///
    /// @param tools what the model may call
    Answer answer(List<Tool> tools) {
        String prompt = begin(tools);
        return llm.generate(prompt, shown());
    }

    private String begin(List<Tool> tools) {
        String prompt = prompt(tools);
        ChatTemplate template =
                ownTemplate()
                        ? ChatTemplate.of(String.valueOf(model.template()))
                        : llm.chatTemplate();
        ReasoningMarks marks = ReasoningMarks.of(llm, template);
        boolean ended = marks != null && prompt.stripTrailing().endsWith(marks.end());
        reasoning = marks == null || ended ? null : new ReasoningText(marks, marks.openIn(prompt));
        visible = new HashSet<>(tools.isEmpty() ? Set.of() : ToolCallReader.SPECIAL);
        if (marks != null) {
            visible.addAll(marks.tokens());
        }
        return prompt;
    }

    /// Writes the messages and what the engine has computed of them.
    void save(Path file) {
        Map<String, Object> before = variables;
        variables = new LinkedHashMap<>(before);
        variables.put("add_generation_prompt", false);
        int[] tokens;
        try {
            tokens = llm.tokenizer().encode(prompt(List.of()));
        } finally {
            variables = before;
        }
        int[] fitting = Arrays.copyOf(tokens, Math.min(tokens.length, llm.contextLength()));
        String note = Json.write(messages.stream().map(Message::fields).toList());
        llm.saveSession(new Session(fitting, note), file);
    }

    /// Goes on with what [#save] wrote.
    void restore(Path file) {
        Session session = llm.restoreSession(file);
        messages.clear();
        for (Object fields : Json.array(Json.parse(session.note()))) {
            messages.add(new Message(Json.object(fields)));
        }
    }

    /// What tells the thinking of the last answer apart; null where it has none.
    @Nullable ReasoningText reasoning() {
        return reasoning;
    }

    /// Whether the model is to think; null to leave it to the model.
    void thinks(@Nullable Boolean wanted) {
        variables =
                wanted == null ? Map.of() : Map.of("enable_thinking", wanted, "thinking", wanted);
    }

    private boolean ownTemplate() {
        return model.hasJinjaTemplate() && model.template() != null;
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
        if (!ownTemplate()) {
            return ToolPrompt.prompt(llm, all, tools, variables);
        }
        ChatTemplate template = ChatTemplate.of(String.valueOf(model.template()));
        Map<String, @Nullable Object> filled = new LinkedHashMap<>(variables);
        if (!template.supportsTools()) {
            all = ToolPrompt.inWords(all, tools);
        } else if (!tools.isEmpty()) {
            filled.put("tools", tools.stream().map(Tool::definition).toList());
        }
        filled.put("messages", all.stream().map(Message::fields).toList());
        filled.putIfAbsent("add_generation_prompt", true);
        filled.put("bos_token", spelled(llm.tokenizer().bos()));
        filled.put("eos_token", spelled(llm.tokenizer().eos()));
        return template.render(filled);
    }

    private String spelled(java.util.OptionalInt id) {
        return id.isPresent() ? llm.tokenizer().token(id.getAsInt()) : "";
    }
}
