package dev.jebena.cli;

import dev.jebena.base.Problem;
import dev.jebena.hub.ModelMessage;
import dev.jebena.hub.ModelRecipe;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Message;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The commands of the interactive chat: what begins with a slash.
final class ChatCommands {
    static final List<String> NAMES = List.of("/help", "/set", "/show", "/save", "/clear", "/bye");

    private static final Set<String> PARAMETERS =
            Set.of(
                    "num_predict",
                    "temperature",
                    "top_k",
                    "top_p",
                    "min_p",
                    "typical_p",
                    "repeat_penalty",
                    "repeat_last_n",
                    "presence_penalty",
                    "frequency_penalty",
                    "mirostat",
                    "mirostat_tau",
                    "mirostat_eta",
                    "seed",
                    "stop");

    private static final String HELP =
            """
            /set parameter NAME VALUE   temperature, top_k, top_p, min_p, typical_p, num_predict, seed, stop,
                                        repeat_penalty, repeat_last_n, presence_penalty, frequency_penalty,
                                        mirostat, mirostat_tau, mirostat_eta
            /set system TEXT            the system message
            /set verbose | quiet        token rates after each answer, or not
            /show info|parameters|system|messages
            /save NAME                  keep this conversation, its system message and parameters as a model
            /clear                      forget what was said
            /help                       this list
            /bye                        end (also Ctrl-D)

            \"""                         begins and ends a message of several lines
            Ctrl-C                      stops the answer
            """;

    private final Models models;
    private final Conversation conversation;
    private final PrintWriter out;
    private final ChatLoop loop;
    private final Map<String, Object> changed = new LinkedHashMap<>();

    ChatCommands(Models models, Conversation conversation, PrintWriter out, ChatLoop loop) {
        this.models = models;
        this.conversation = conversation;
        this.out = out;
        this.loop = loop;
    }

    /// Runs one command; what is wrong with it is printed.
    void execute(String line) {
        String[] words = line.split("\\s+", 3);
        try {
            switch (words[0]) {
                case "/help", "/?" -> out.print(HELP);
                case "/set" -> set(line, words);
                case "/show" -> show(words.length > 1 ? words[1] : "info");
                case "/save" -> save(words);
                case "/clear" -> {
                    conversation.clear();
                    out.println("forgotten");
                }
                default -> out.println("no such command: " + words[0] + "; /help lists them");
            }
        } catch (Problem | UserError e) {
            out.println(e.getMessage());
        }
        out.flush();
    }

    private void set(String line, String[] words) {
        String what = words.length > 1 ? words[1] : "";
        switch (what) {
            case "verbose" -> loop.showStatistics(true);
            case "quiet" -> loop.showStatistics(false);
            case "system" -> {
                conversation.system(words.length > 2 ? unquoted(words[2]) : null);
                out.println(words.length > 2 ? "system message set" : "system message removed");
            }
            case "parameter" -> setParameter(line.split("\\s+", 4));
            default ->
                    out.println(
                            "usage: /set parameter NAME VALUE, /set system TEXT, /set verbose, /set quiet");
        }
    }

    private void setParameter(String[] words) {
        if (words.length < 4) {
            throw new UserError("usage: /set parameter NAME VALUE");
        }
        String name = words[2];
        if (!PARAMETERS.contains(name)) {
            throw new UserError(
                    "no parameter "
                            + name
                            + "; there are "
                            + String.join(", ", PARAMETERS.stream().sorted().toList()));
        }
        String value = unquoted(words[3]);
        Generation options = GenerationOptions.withParameter(conversation.options(), name, value);
        conversation.options(options);
        changed.put(name, name.equals("stop") ? options.stop() : parsed(value));
        out.println(name + " = " + value);
    }

    private static Object parsed(String value) {
        try {
            return value.matches("[+-]?[0-9]+")
                    ? (Object) Long.valueOf(value)
                    : Double.valueOf(value);
        } catch (NumberFormatException e) {
            return value;
        }
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private void show(String what) {
        switch (what) {
            case "info" -> {
                out.println(
                        conversation.model().name()
                                + ": "
                                + conversation.llm().info().architecture()
                                + ", "
                                + conversation.model().details().parameterSize()
                                + " parameters, "
                                + conversation.llm().info().quantization());
                out.println("context of " + conversation.llm().contextLength() + " tokens");
            }
            case "parameters" -> out.println(conversation.options());
            case "system" ->
                    out.println(
                            conversation.system() == null
                                    ? "no system message"
                                    : conversation.system());
            case "messages" -> {
                for (Message message : conversation.messages()) {
                    out.println(
                            message.fields().get("role") + ": " + message.fields().get("content"));
                }
            }
            default -> out.println("usage: /show info|parameters|system|messages");
        }
    }

    private void save(String[] words) {
        if (words.length < 2) {
            throw new UserError("usage: /save NAME");
        }
        Map<String, Object> parameters = new LinkedHashMap<>(conversation.model().parameters());
        parameters.putAll(changed);
        List<ModelMessage> messages = new ArrayList<>();
        for (Message message : conversation.messages()) {
            messages.add(
                    new ModelMessage(
                            String.valueOf(message.fields().get("role")),
                            String.valueOf(message.fields().get("content"))));
        }
        ModelRecipe recipe =
                new ModelRecipe(
                        conversation.model().name().toString(),
                        Map.of(),
                        List.of(),
                        Map.of(),
                        parameters,
                        null,
                        conversation.system(),
                        List.of(),
                        messages);
        models.hub().store().create(words[1], recipe, models.progress());
        out.println("saved as " + words[1] + "; go on with: jebena run " + words[1]);
    }
}
