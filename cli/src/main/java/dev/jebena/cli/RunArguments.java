package dev.jebena.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the arguments of `run` without the command-line library: its reflection and the classes it
/// makes cost an eighth of a second at every start, a third of the way to the first token.
///
/// It knows the options as they stand in the help, with a number or a text behind those that take
/// one. Everything else, mistakes included, is left to the library, which has the last word on what
/// is right and on how to say what is wrong.
final class RunArguments {
    private static final Set<String> REPEATED =
            Set.of("--mcp", "--stop", "--dry-sequence-breaker", "--choice", "--lora");

    private final RunCommand command = new RunCommand();
    private final Set<String> options = new HashSet<>();
    private final List<String> words = new ArrayList<>();

    private RunArguments() {}

    /// The command as `arguments` ask for it; null if the library has to read them.
    static @Nullable RunCommand read(List<String> arguments) {
        RunArguments reader = new RunArguments();
        try {
            return reader.readAll(arguments.iterator()) ? reader.command : null;
        } catch (IllegalArgumentException e) {
            // No number, or no type.
            return null;
        }
    }

    private boolean readAll(Iterator<String> arguments) {
        while (arguments.hasNext()) {
            String word = arguments.next();
            if (word.startsWith("-") || word.startsWith("@")) {
                boolean allowed = options.add(word) || REPEATED.contains(word);
                if (!allowed || !(flag(word) || value(word, arguments))) {
                    return false;
                }
            } else {
                words.add(word);
            }
        }
        if (words.isEmpty()) {
            return false;
        }
        command.model = words.getFirst();
        command.prompt = words.size() == 1 ? null : words.subList(1, words.size());
        command.given = options;
        return true;
    }

    private boolean flag(String name) {
        switch (name) {
            case "--raw" -> command.raw = true;
            case "--stats" -> command.stats = true;
            case "--json" -> command.json = true;
            case "--exact" -> command.exact = true;
            case "--accept-license" -> command.acceptLicense = true;
            case "--debug" -> command.debug = true;
            case "--yes" -> command.tools.yes = true;
            case "--think" -> command.thinking.think = true;
            case "--no-think" -> command.thinking.noThink = true;
            case "--hide-thinking" -> command.thinking.hide = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    /// An option with a value behind it.
    private boolean value(String name, Iterator<String> arguments) {
        if (!arguments.hasNext()) {
            return false;
        }
        String value = arguments.next();
        // Quotes and what looks like an option have meanings of their own in the library.
        if (value.isEmpty() || value.startsWith("-") || value.startsWith("\"")) {
            return false;
        }
        return engineValue(name, value) || samplingValue(name, value) || toolValue(name, value);
    }

    private boolean engineValue(String name, String value) {
        switch (name) {
            case "--system" -> command.system = value;
            case "--context" -> command.context = Integer.parseInt(value);
            case "--threads" -> command.threads = Integer.parseInt(value);
            case "--kv-type" -> command.cache.type = CacheOptions.Type.valueOf(value);
            case "--quantize" -> command.weights.type = value;
            case "--lora" -> command.adapters.add(value);
            case "--session" -> command.session = Path.of(value);
            case "--draft" -> command.draft.model = value;
            case "--draft-tokens" -> command.draft.tokens = Integer.valueOf(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean toolValue(String name, String value) {
        switch (name) {
            case "--mcp" -> command.tools.servers.add(value);
            case "--mcp-config" -> command.tools.file = Path.of(value);
            case "--max-rounds" -> command.tools.rounds = Integer.valueOf(value);
            case "--tool-time" -> command.tools.seconds = Integer.valueOf(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean samplingValue(String name, String value) {
        GenerationOptions generation = command.generation;
        switch (name) {
            case "--max-tokens" -> generation.maxTokens = Integer.valueOf(value);
            case "--temperature" -> generation.temperature = Float.valueOf(value);
            case "--seed" -> generation.seed = Long.valueOf(value);
            case "--top-k" -> generation.topK = Integer.valueOf(value);
            case "--top-p" -> generation.topP = Float.valueOf(value);
            case "--min-p" -> generation.minP = Float.valueOf(value);
            case "--repeat-penalty" -> generation.repeatPenalty = Float.valueOf(value);
            case "--beams" -> generation.beams = Integer.parseInt(value);
            case "--length-penalty" -> generation.lengthPenalty = Double.parseDouble(value);
            case "--stop" -> generation.stop.add(value);
            default -> {
                return generation.drawing.read(name, value) || generation.form.read(name, value);
            }
        }
        return true;
    }
}
