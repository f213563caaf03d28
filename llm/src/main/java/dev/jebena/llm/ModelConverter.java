package dev.jebena.llm;

import dev.jebena.formats.Gguf;
import dev.jebena.formats.GgufWriter;
import dev.jebena.formats.Quantizer;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.internal.folder.GgufHeader;
import dev.jebena.llm.internal.folder.ModelFolder;
import dev.jebena.llm.internal.folder.NewFolder;
import dev.jebena.llm.internal.folder.SourceFiles;
import dev.jebena.tokenizers.TokenizerException;
import dev.jebena.tokenizers.VocabularyFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings models from the folders that Hugging Face publishes into GGUF files, and back.
///
/// ```java
/// ModelConverter.toGguf(folder, Path.of("model.gguf"), ConversionOptions.defaults(), Progress.NONE);
/// ```
///
/// What is written is complete and durable, or not there. Throws [LlmException] with BAD_MODEL for
/// models that the other form cannot hold, and [dev.jebena.formats.FormatException] for damaged
/// ones.
public final class ModelConverter {
    private ModelConverter() {}

    /// Writes a folder with `config.json`, safetensors and `tokenizer.json` or `tokenizer.model` as
    /// a GGUF file.
    ///
    /// @return the tensors in the order of the file
    public static List<Quantizer.Change> toGguf(
            Path folder, Path target, ConversionOptions options, Quantizer.Progress progress) {
        try (ModelFolder model = ModelFolder.open(folder, false)) {
            @Nullable StoredTensor table = model.tensors().get("token_embd.weight");
            int rows = table == null ? 0 : Math.toIntExact(table.shape().getFirst());
            Map<String, Object> vocabulary = vocabulary(folder, rows, options.pre());
            GgufWriter header =
                    GgufHeader.of(folder, model.metadata(), vocabulary, SourceFiles.of(folder));
            return Quantizer.convert(
                    model, header, options.mix(), target, options.threads(), progress);
        }
    }

    private static Map<String, Object> vocabulary(Path folder, int rows, @Nullable String pre) {
        try {
            return VocabularyFiles.toGguf(folder, rows, pre);
        } catch (TokenizerException e) {
            throw new LlmException(LlmException.Code.BAD_MODEL, "" + e.getMessage(), e);
        }
    }

    /// Writes a GGUF file as a folder with `config.json`, `generation_config.json`, the files of
    /// the tokenizer, and safetensors. The folder must not be there, or be empty.
    ///
    /// @return the names of the files in it
    public static List<String> toFolder(
            Path file, Path folder, ConversionOptions options, Quantizer.Progress progress) {
        try (Gguf model = Gguf.open(file)) {
            return new NewFolder(model, SourceFiles.of(file), options, progress).write(folder);
        } catch (TokenizerException e) {
            throw new LlmException(LlmException.Code.BAD_MODEL, "" + e.getMessage(), e);
        }
    }
}
