package dev.jebena.governance;

import dev.jebena.formats.FormatException;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.SafeTensors;
import dev.jebena.formats.TensorFile;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads from a model's own files what its card should say.
record ModelFacts(CardFacts facts) {
    private static final long LONGEST_SETTINGS = 4 << 20;

    /// What a class of `transformers` does, by the end of its name.
    private static final Map<String, String> TASKS =
            Map.ofEntries(
                    Map.entry("ForCausalLM", "text-generation"),
                    Map.entry("LMHeadModel", "text-generation"),
                    Map.entry("ForSequenceClassification", "text-classification"),
                    Map.entry("ForTokenClassification", "token-classification"),
                    Map.entry("ForQuestionAnswering", "question-answering"),
                    Map.entry("ForMaskedLM", "fill-mask"),
                    Map.entry("ForImageClassification", "image-classification"),
                    Map.entry("ForObjectDetection", "object-detection"),
                    Map.entry("ForSpeechSeq2Seq", "automatic-speech-recognition"),
                    Map.entry("WhisperForConditionalGeneration", "automatic-speech-recognition"),
                    Map.entry("ForCTC", "automatic-speech-recognition"),
                    Map.entry("ForSemanticSegmentation", "image-segmentation"));

    void read(Path path) {
        try {
            if (Files.isDirectory(path)) {
                folder(path);
            } else {
                file(path);
            }
        } catch (FormatException | JsonException e) {
            facts.origin().add("The files could not be read: " + e.getMessage());
        }
    }

    private void folder(Path folder) {
        Map<String, @Nullable Object> adapter = settings(folder.resolve("adapter_config.json"));
        if (!adapter.isEmpty()) {
            facts.put("base_model", text(adapter.get("base_model_name_or_path")));
            facts.put("base_model_relation", "adapter");
            facts.put("library_name", "peft");
            facts.detail("rank of the adapter", text(adapter.get("r")));
        }
        if (Files.exists(folder.resolve("modules.json"))) {
            facts.put("library_name", "sentence-transformers");
            facts.put("pipeline_tag", "sentence-similarity");
        }
        if (Files.exists(folder.resolve("model_index.json"))) {
            facts.put("library_name", "diffusers");
        }
        config(settings(folder.resolve("config.json")));
        for (Path file : files(folder)) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".gguf")) {
                file(file);
            }
        }
        if (Files.exists(folder.resolve("model.safetensors"))
                || Files.exists(folder.resolve("model.safetensors.index.json"))) {
            tensors(SafeTensors.open(folder));
        }
        license(folder);
    }

    private void config(Map<String, @Nullable Object> config) {
        if (config.isEmpty()) {
            return;
        }
        facts.put("library_name", "transformers");
        facts.detail("architecture", text(config.get("model_type")));
        for (Object type : config.get("architectures") instanceof List<?> l ? l : List.of()) {
            TASKS.forEach((end, task) -> {
                if (String.valueOf(type).endsWith(end)) {
                    facts.put("pipeline_tag", task);
                }
            });
        }
        facts.detail("layers", text(config.get("num_hidden_layers")));
        facts.detail("width", text(config.get("hidden_size")));
        facts.detail("context length", text(config.get("max_position_embeddings")));
        facts.detail("vocabulary", text(config.get("vocab_size")));
        String origin = text(config.get("_name_or_path"));
        if (origin.matches("[\\w.-]+/[\\w.-]+")) {
            facts.put("base_model", origin);
        }
        if (config.get("quantization_config") instanceof Map<?, ?> quantization) {
            facts.put("base_model_relation", "quantized");
            facts.detail("quantization", text(quantization.get("quant_method")));
        }
    }

    private void file(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors") || name.matches(".*\\.(npz|pt|pth|bin|ckpt)")) {
            tensors(TensorFile.open(file));
        } else {
            try (Gguf gguf = Gguf.open(file)) {
                new GgufFacts(facts, gguf.metadata()).read();
                count(gguf);
            }
        }
    }

    private void tensors(TensorFile opened) {
        try (TensorFile file = opened) {
            count(file);
        }
    }

    private void count(TensorFile file) {
        long parameters = 0;
        Map<String, Long> types = new TreeMap<>();
        for (var tensor : file.tensors().values()) {
            parameters += tensor.elements();
            types.merge(tensor.type().name(), tensor.elements(), Long::sum);
        }
        facts.detail("parameters", String.format(Locale.ROOT, "%,d", parameters));
        facts.detail("stored as", String.join(", ", types.keySet()));
    }

    private void license(Path folder) {
        for (LicenseEvidence found : LicenseSearch.of(folder).evidence()) {
            if (found.how() == LicenseEvidence.How.TEXT) {
                String id =
                        found.license()
                                .toLowerCase(Locale.ROOT)
                                .replaceFirst("-(only|or-later)$", "");
                boolean known = CardVocabulary.LICENSES.contains(id);
                facts.put("license", known ? id : "other");
                if (!known) {
                    facts.put("license_name", id);
                    facts.put("license_link", found.path());
                }
            }
        }
    }

    static List<Path> files(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw dev.jebena.base.Problem.storage("cannot read " + folder, e);
        }
    }

    static Map<String, @Nullable Object> settings(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LONGEST_SETTINGS) {
                Object json =
                        Json.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                return json instanceof Map<?, ?> ? Json.object(json) : Map.of();
            }
            return Map.of();
        } catch (IOException e) {
            throw dev.jebena.base.Problem.storage("cannot read " + file, e);
        }
    }

    static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }

    /// What the header of a GGUF file says of the model.
    private record GgufFacts(CardFacts facts, Map<String, Object> header) {
        void read() {
            String architecture = get("general.architecture");
            facts.detail("architecture", architecture);
            facts.detail("context length", get(architecture + ".context_length"));
            facts.detail("layers", get(architecture + ".block_count"));
            facts.detail("width", get(architecture + ".embedding_length"));
            facts.detail("quantized by", get("general.quantized_by"));
            facts.put("license", get("general.license"));
            facts.put("license_name", get("general.license.name"));
            facts.put("license_link", get("general.license.link"));
            facts.put("language", list("general.languages"));
            List<String> tags = new ArrayList<>(list("general.tags"));
            tags.addFirst("gguf");
            tags.removeIf(CardVocabulary.PIPELINE_TAGS::contains);
            facts.put("tags", tags);
            list("general.tags").stream()
                    .filter(CardVocabulary.PIPELINE_TAGS::contains)
                    .forEach(tag -> facts.put("pipeline_tag", tag));
            if (architecture.matches(".*bert.*")) {
                facts.put("pipeline_tag", "feature-extraction");
            } else if (header.containsKey("tokenizer.chat_template")) {
                facts.put("pipeline_tag", "text-generation");
            }
            facts.put("base_model", bases());
            facts.put("datasets", named("general.dataset."));
            if (!bases().isEmpty()) {
                facts.put("base_model_relation", "quantized");
            }
        }

        /// `owner/name` of the base models.
        private List<String> bases() {
            return named("general.base_model.");
        }

        private List<String> named(String prefix) {
            Map<Integer, String> names = new LinkedHashMap<>();
            for (int i = 0; i < 16 && header.containsKey(prefix + i + ".name"); i++) {
                String url = get(prefix + i + ".repo_url");
                String id = url.replaceFirst("^https://(www\\.)?huggingface\\.co/(datasets/)?", "");
                if (id.matches("[\\w.-]+/[\\w.-]+")) {
                    names.put(i, id);
                }
            }
            return List.copyOf(names.values());
        }

        private String get(String key) {
            return text(header.get(key));
        }

        private List<String> list(String key) {
            return header.get(key) instanceof List<?> l
                    ? l.stream().map(String::valueOf).toList()
                    : List.of();
        }
    }
}
