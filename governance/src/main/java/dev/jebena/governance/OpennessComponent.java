package dev.jebena.governance;

import java.util.Locale;
import java.util.regex.Pattern;

/// The parts of a model's making by the Model Openness Framework 1.0 (White et al. 2024,
/// arXiv:2403.13784; classes as in the Linux Foundation's Model Openness Tool), and by which names
/// of files they are recognised.
public enum OpennessComponent {
    ARCHITECTURE(
            "Model architecture",
            Area.CODE,
            3,
            true,
            "(.*/)?(model(ing|ling)?|architecture|network)([_-].*)?\\.(py|java|jl|rs|cc|cpp)"),
    PREPROCESSING(
            "Data preprocessing code",
            Area.CODE,
            1,
            true,
            code(
                    "(pre_?process|prepare|process_data|clean|dedup|tokeni[sz]e_data|filter_data|build_data(set)?)")),
    TRAINING(
            "Training code",
            Area.CODE,
            2,
            true,
            code("(train|pre_?train|fine_?tune|sft|dpo|run_clm|run_mlm|trainer)")
                    + "|(.*/)?train\\.toml"),
    INFERENCE(
            "Inference code",
            Area.CODE,
            2,
            true,
            code(
                    "(infer|inference|generate|predict|pipeline|handler|serve|chat|demo|app|run_model)")),
    EVALUATION(
            "Evaluation code",
            Area.CODE,
            2,
            true,
            code("(eval|evaluate|evaluation|benchmark|bench|metrics)")),
    LIBRARIES(
            "Supporting libraries and tools",
            Area.TOOLING,
            2,
            false,
            "(.*/)?(requirements.*\\.txt|environment\\.ya?ml|pyproject\\.toml|setup\\.(py|cfg)|poetry\\.lock|uv\\.lock|package\\.json|pom\\.xml|cargo\\.toml|dockerfile)"),
    PARAMETERS(
            "Model parameters (Final)",
            Area.WEIGHTS,
            3,
            true,
            "(?!(.*/)?(checkpoint|step|epoch|iter)[_-]?\\d)(?!(.*/)?(training_args|optimizer|scheduler|rng_state|scaler)).*\\.(safetensors|gguf|bin|pt|pth|ckpt|onnx|h5|keras|msgpack|npz|tflite)"),
    INTERMEDIATE(
            "Model parameters (Intermediate)",
            Area.WEIGHTS,
            1,
            true,
            "(.*/)?(checkpoint|step|epoch|iter)[_-]?\\d+[^/]*(/.*)?\\.(safetensors|bin|pt|pth|ckpt)"),
    DATASETS(
            "Datasets",
            Area.DATA,
            1,
            true,
            "(?!(.*/)?(eval|test|valid|benchmark)[^/]*)(.*/)?[^/]+\\.(parquet|jsonl|arrow|csv|tsv|warc|tar)(\\.gz|\\.zst)?"),
    EVALUATION_DATA(
            "Evaluation data",
            Area.DATA,
            2,
            true,
            "(.*/)?(eval|test|valid|benchmark)[^/]*(/.*)?\\.(parquet|jsonl?|arrow|csv|tsv)(\\.gz)?"),
    METADATA(
            "Model metadata",
            Area.DATA,
            1,
            false,
            "(.*/)?(config|generation_config|adapter_config|training_args|trainer_state|run|params)\\.(json|bin|ya?ml)|(.*/)?optimizer\\.pt"),
    SAMPLES(
            "Sample model outputs",
            Area.DOCUMENTATION,
            3,
            false,
            "(.*/)?(samples?|outputs?|examples?)/.*|(.*/)?(samples?|outputs?)\\.(json|jsonl|md|txt|csv)"),
    MODEL_CARD(
            "Model card",
            Area.DOCUMENTATION,
            3,
            true,
            "readme\\.md|(.*/)?model[_-]?card\\.(md|json|pdf)"),
    DATA_CARD(
            "Data card",
            Area.DOCUMENTATION,
            3,
            true,
            "(.*/)?(data[_-]?(card|sheet|statement)|datasheet)\\.(md|pdf|json)|(.*/)?data(set)?s?/readme\\.md"),
    REPORT(
            "Technical report",
            Area.DOCUMENTATION,
            3,
            true,
            "(.*/)?(technical[_-]?)?report.*\\.(pdf|md|tex)"),
    PAPER(
            "Research paper",
            Area.DOCUMENTATION,
            1,
            true,
            "(.*/)?(paper|arxiv|preprint).*\\.(pdf|tex)"),
    RESULTS(
            "Evaluation results",
            Area.DOCUMENTATION,
            3,
            true,
            "(.*/)?(all_|eval(uation)?[_-]?)results?.*\\.(json|ya?ml|csv|md)|(.*/)?\\.eval_results/.*|(.*/)?metrics\\.json");

    /// The groups of the report.
    public enum Area {
        CODE,
        DATA,
        WEIGHTS,
        TOOLING,
        DOCUMENTATION;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String title;
    private final Area area;
    private final int level;
    private final boolean required;
    private final Pattern files;

    OpennessComponent(String title, Area area, int level, boolean required, String files) {
        this.title = title;
        this.area = area;
        this.level = level;
        this.required = required;
        this.files = Pattern.compile(files);
    }

    private static String code(String stem) {
        return "(.*/)?([a-z0-9]+[_-])*" + stem + "([_-][^/]*)?\\.(py|sh|ipynb|java|jl|rs|js|ts|r)";
    }

    /// Its name in the framework.
    public String title() {
        return title;
    }

    public Area area() {
        return area;
    }

    /// The class that it belongs to: 3 (open model), 2 (open tooling), 1 (open science); a class
    /// includes those with higher numbers.
    public int level() {
        return level;
    }

    /// False for what no class demands.
    public boolean required() {
        return required;
    }

    boolean isFile(String path) {
        return files.matcher(path.toLowerCase(Locale.ROOT)).matches();
    }
}
