package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The text form of a [ModelRecipe]: Ollama's Modelfile.
///
/// Instructions are `FROM`, `PARAMETER name value`, `TEMPLATE`, `SYSTEM`, `LICENSE`, `MESSAGE role
/// text` and `ADAPTER`, in any case; `#` begins a comment line. A value is the rest of its line, or
/// stands in `"` or, over several lines, in `"""`; within the latter `\"""` is three quotes.
/// `RENDERER`, `PARSER` and `REQUIRES` name parts of Ollama's program and are passed over.
///
/// `TEMPLATE` may be Jinja, which the engine runs, or a Go template, which is kept and shown while
/// the template inside the model file is used.
public final class Modelfile {
    private static final long MAX_BYTES = 16 << 20;
    private static final List<String> ROLES = List.of("system", "user", "assistant");

    private final Path folder;
    private @Nullable String from;
    private final List<String> adapters = new ArrayList<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private @Nullable String template;
    private @Nullable String system;
    private final List<String> licenses = new ArrayList<>();
    private final List<ModelMessage> messages = new ArrayList<>();

    private Modelfile(Path folder) {
        this.folder = folder;
    }

    /// Reads the file; relative paths in it are against its folder.
    public static ModelRecipe read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw Problem.badRequest(
                        "%s has %,d bytes; a Modelfile may have %,d"
                                .formatted(file, Files.size(file), MAX_BYTES));
            }
            Path parent = file.toAbsolutePath().getParent();
            return parse(Files.readString(file), parent == null ? file : parent);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new Problem(Problem.Code.BAD_REQUEST, file + " is not UTF-8 text", null, e);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    /// Reads a Modelfile's text. Relative paths are against `folder`, and paths in the result are
    /// absolute. Throws BAD_REQUEST that names the line.
    public static ModelRecipe parse(String text, Path folder) {
        Modelfile file = new Modelfile(folder);
        ModelfileReader reader = new ModelfileReader(text);
        for (var next = reader.next(); next != null; next = reader.next()) {
            file.apply(next);
        }
        if (file.from == null) {
            throw Problem.badRequest(
                    "the Modelfile has no FROM line; add for example `FROM ./model.gguf`");
        }
        return new ModelRecipe(
                file.from,
                Map.of(),
                file.adapters,
                Map.of(),
                file.parameters,
                file.template,
                file.system,
                file.licenses,
                file.messages);
    }

    private void apply(ModelfileReader.Instruction line) {
        try {
            switch (line.name()) {
                case "FROM" -> {
                    if (from != null) {
                        throw Problem.badRequest("there is a FROM line already: " + from);
                    }
                    from = path(required(line), false);
                }
                case "ADAPTER" -> adapters.add(path(required(line), true));
                case "PARAMETER" -> ModelParameters.add(parameters, line.key(), line.value());
                case "TEMPLATE" -> template = line.value();
                case "SYSTEM" -> system = line.value();
                case "LICENSE" -> licenses.add(line.value());
                case "MESSAGE" -> messages.add(message(line));
                default -> {} // Known to the reader, without meaning here.
            }
        } catch (Problem e) {
            throw new Problem(
                    e.code(), "Modelfile line " + line.line() + ": " + e.summary(), e.remedy(), e);
        }
    }

    private static String required(ModelfileReader.Instruction line) {
        if (line.value().isBlank()) {
            throw Problem.badRequest(line.name() + " needs a value");
        }
        return line.value().strip();
    }

    private static ModelMessage message(ModelfileReader.Instruction line) {
        String role = line.key().toLowerCase(java.util.Locale.ROOT);
        if (!ROLES.contains(role)) {
            throw Problem.badRequest(
                    "the role of a MESSAGE must be one of %s, got '%s'".formatted(ROLES, role));
        }
        return new ModelMessage(role, line.value());
    }

    /// What looks like a path, or exists as one, becomes an absolute path; the rest is a name.
    private String path(String value, boolean always) {
        try {
            String text =
                    value.startsWith("~/")
                            ? System.getProperty("user.home") + value.substring(1)
                            : value;
            Path path = folder.resolve(text).toAbsolutePath().normalize();
            boolean isPath =
                    always
                            || text.startsWith("/")
                            || text.startsWith("./")
                            || text.startsWith("../")
                            || text.equals(".")
                            || Path.of(text).isAbsolute()
                            || (FileNames.isGguf(text) && !text.contains(":"))
                            || text.endsWith(".safetensors")
                            || Files.exists(path);
            return isPath ? path.toString() : value;
        } catch (InvalidPathException e) {
            throw new Problem(Problem.Code.BAD_REQUEST, "not a path: " + e.getMessage(), null, e);
        }
    }

    /// A Modelfile that [#parse] reads back as the same recipe. (Uploaded files have no place in
    /// it.)
    public static String print(ModelRecipe recipe) {
        StringBuilder out = new StringBuilder();
        if (recipe.from() != null) {
            out.append("FROM ").append(recipe.from()).append('\n');
        }
        recipe.adapters().forEach(a -> out.append("ADAPTER ").append(a).append('\n'));
        recipe.parameters()
                .forEach((name, value) -> {
                    List<?> values = value instanceof List<?> list ? list : List.of(value);
                    values.forEach(v -> line(out, "PARAMETER " + name, String.valueOf(v)));
                });
        if (recipe.template() != null) {
            line(out, "TEMPLATE", recipe.template());
        }
        if (recipe.system() != null) {
            line(out, "SYSTEM", recipe.system());
        }
        recipe.messages().forEach(m -> line(out, "MESSAGE " + m.role(), m.content()));
        recipe.licenses().forEach(l -> line(out, "LICENSE", l));
        return out.toString();
    }

    private static void line(StringBuilder out, String instruction, String value) {
        boolean plain =
                !value.isEmpty()
                        && value.equals(value.strip())
                        && !value.startsWith("\"")
                        && value.chars().noneMatch(c -> c == '\n' || c == '\r');
        String text = plain ? value : "\"\"\"" + value.replace("\"\"\"", "\\\"\"\"") + "\"\"\"";
        out.append(instruction).append(' ').append(text).append('\n');
    }
}
