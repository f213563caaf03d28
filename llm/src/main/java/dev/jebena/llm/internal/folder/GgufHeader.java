package dev.jebena.llm.internal.folder;

import dev.jebena.formats.GgufType;
import dev.jebena.formats.GgufWriter;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The metadata of a GGUF file that is made from a folder.
public final class GgufHeader {
    /// Keys whose values are floats, also where `config.json` writes `10000`.
    private static final Pattern FLOATS =
            Pattern.compile(
                    ".*(epsilon|freq_base|freq_base_swa|factor|softcapping|_scale|attention\\.scale|yarn_\\w+)$");

    private static final Pattern LICENSE =
            Pattern.compile(
                    "\\A---\\s.*?^license: *\"?([\\w.+-]{1,64})\"? *$",
                    Pattern.MULTILINE | Pattern.DOTALL);
    private static final int MOST_CARD_BYTES = 1 << 20;

    private GgufHeader() {}

    /// @param metadata of the model
    /// @param vocabulary its `tokenizer.ggml.*` keys
    /// @param sources what it is made from: digest and name of each file
    public static GgufWriter of(
            Path folder,
            Map<String, Object> metadata,
            Map<String, Object> vocabulary,
            List<String> sources) {
        GgufWriter writer = new GgufWriter();
        writer.text("general.architecture", String.valueOf(metadata.get("general.architecture")));
        writer.text("general.type", "model");
        addSource(folder, writer, sources);
        metadata.forEach((key, value) -> {
            if (!key.equals("general.architecture")) {
                put(writer, key, value);
            }
        });
        vocabulary.forEach((key, value) -> put(writer, key, value));
        return writer;
    }

    private static void addSource(Path folder, GgufWriter writer, List<String> sources) {
        Map<String, @Nullable Object> config =
                ModelFolder.optional(folder.resolve(ModelFolder.CONFIG));
        Object name = config == null ? null : config.get("_name_or_path");
        if (name instanceof String text && text.matches("[\\w.-]{1,96}/[\\w.-]{1,96}")) {
            writer.text("general.source.huggingface.repository", text);
        }
        Matcher license = LICENSE.matcher(card(folder));
        if (license.find()) {
            writer.text("general.license", license.group(1));
        }
        writer.array("jebena.source.sha256", GgufType.STRING, sources);
    }

    private static String card(Path folder) {
        Path card = folder.resolve("README.md");
        try {
            return Files.exists(card) && Files.size(card) <= MOST_CARD_BYTES
                    ? Files.readString(card)
                    : "";
        } catch (IOException e) {
            // A card that is no text says nothing of the licence.
            return "";
        }
    }

    private static void put(GgufWriter writer, String key, Object value) {
        switch (value) {
            case String text -> writer.text(key, text);
            case Boolean flag -> writer.bool(key, flag);
            case Number number when number instanceof Double || FLOATS.matcher(key).matches() ->
                    writer.float32(key, number.doubleValue());
            case Long number when key.startsWith(FolderSampling.PREFIX) ->
                    writer.value(key, GgufType.INT32, Math.toIntExact(number));
            case Long number -> writer.uint32(key, number);
            case List<?> flags when !flags.isEmpty() && flags.getFirst() instanceof Boolean ->
                    writer.array(key, GgufType.BOOL, flags);
            case List<?> texts -> writer.array(key, GgufType.STRING, texts);
            case float[] floats -> writer.array(key, GgufType.FLOAT32, floats);
            case int[] numbers when key.endsWith("charsmap") ->
                    writer.array(key, GgufType.UINT8, numbers);
            case int[] numbers -> writer.array(key, GgufType.INT32, numbers);
            default -> throw new IllegalStateException(key + ": " + Json.kind(value));
        }
    }
}
