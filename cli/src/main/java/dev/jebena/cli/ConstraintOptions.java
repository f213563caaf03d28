package dev.jebena.cli;

import dev.jebena.llm.Constraint;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the answer must look like.
final class ConstraintOptions {
    @Option(
            names = "--grammar",
            paramLabel = "GBNF",
            description = "The answer is a text of this grammar, or of the one in a file.")
    @Nullable String grammar;

    @Option(
            names = "--schema",
            paramLabel = "SCHEMA",
            description = "The answer is JSON of this JSON Schema, or of the one in a file.")
    @Nullable String schema;

    @Option(
            names = "--regex",
            paramLabel = "REGEX",
            description = "The answer matches this regular expression as a whole.")
    @Nullable String regex;

    @Option(
            names = "--choice",
            paramLabel = "TEXT",
            description = "The answer is one of these texts; may be repeated.")
    List<String> choice = new ArrayList<>();

    /// Takes one option as text; whether there is such a one.
    boolean read(String name, String value) {
        switch (name) {
            case "--grammar" -> grammar = value;
            case "--schema" -> schema = value;
            case "--regex" -> regex = value;
            case "--choice" -> choice.add(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    /// The one constraint that the options ask for; null for none.
    @Nullable Constraint constraint() {
        List<Constraint> all = new ArrayList<>();
        if (grammar != null) {
            all.add(Constraint.grammar(text("--grammar", grammar, "::=")));
        }
        if (schema != null) {
            all.add(Constraint.schema(text("--schema", schema, "{")));
        }
        if (regex != null) {
            all.add(Constraint.regex(regex));
        }
        if (!choice.isEmpty()) {
            all.add(Constraint.choice(choice));
        }
        if (all.size() > 1) {
            throw UserError.usage(
                    "only one of --grammar, --schema, --regex and --choice can be given");
        }
        return all.isEmpty() ? null : all.getFirst();
    }

    /// @param mark what every such text has and no name of a file
    private static String text(String option, String value, String mark) {
        if (value.contains(mark)) {
            return value;
        }
        Path file = Path.of(value);
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserError("%s: no file %s".formatted(option, file));
        } catch (MalformedInputException e) {
            throw new UserError("%s: %s is not a text in UTF-8".formatted(option, file));
        } catch (IOException e) {
            throw new UserError("%s: cannot read %s: %s".formatted(option, file, e.getMessage()));
        }
    }
}
