package dev.jebena.cli;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Mix;
import dev.jebena.formats.Quantizer;
import dev.jebena.json.Json;
import dev.jebena.llm.ConversionOptions;
import dev.jebena.llm.ModelConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description = {
            "Turns a model folder into a GGUF file, or back.",
            "A folder has config.json, safetensors, and tokenizer.json or tokenizer.model."
        },
        footer = {
            "  jebena convert ./SmolLM2-135M SmolLM2-135M.gguf",
            "  jebena convert ./SmolLM2-135M SmolLM2-135M-Q8_0.gguf --type q8_0",
            "  jebena convert smollm2 ./smollm2 --to folder --type bf16 --shard-size 2GB"
        })
final class ConvertCommand extends JebenaCommand {
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,9})(KB|MB|GB)", Pattern.CASE_INSENSITIVE);

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A folder, a GGUF file, or a model of the store.")
    String model = "";

    @Parameters(index = "1", paramLabel = "OUT", description = "The file or folder to write.")
    Path out = Path.of("");

    @Option(
            names = "--to",
            paramLabel = "FORM",
            description = "gguf or folder; by default what MODEL is not.")
    @Nullable String to;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "auto, f32, f16, bf16; for GGUF also q8_0 and all of quantize.",
            defaultValue = "auto")
    String type = "auto";

    @Option(
            names = "--pre",
            paramLabel = "NAME",
            description = "The pre-tokenizer's name in the GGUF file; found if absent.")
    @Nullable String pre;

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            description = "Most bytes of a folder's file: 500MB, 5GB.",
            defaultValue = "5GB")
    String shardSize = "5GB";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads; 0 for one for each core.",
            defaultValue = "0")
    int threads;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws Exception {
        ConversionOptions options =
                ConversionOptions.defaults().pre(pre).threads(threads).shardBytes(shardBytes());
        try (Models models = Models.open()) {
            // A folder may be meant although it has no slash, unlike for other commands.
            Path here = Path.of(model);
            boolean isHere = Files.exists(here.resolve("config.json"));
            Path source = isHere ? here : models.local(model).path();
            boolean folder = Files.isDirectory(source);
            checkForm(folder);
            NewModel made = NewModel.of(models, source, out);
            Quantizer.Progress progress = made.progress("converting");
            if (folder) {
                Mix mix = type.equalsIgnoreCase("auto") ? null : Mix.of(type);
                List<Quantizer.Change> tensors =
                        ModelConverter.toGguf(source, out, options.mix(mix), progress);
                models.progress().finish();
                DerivedFiles.record(models.home(), "convert", source, out);
                print(List.of(made.name()), tensors.size());
            } else {
                List<String> files =
                        ModelConverter.toFolder(source, out, options.numbers(numbers()), progress);
                models.progress().finish();
                DerivedFiles.record(models.home(), "convert", source, out);
                print(files, -1);
            }
        }
        return ExitCode.OK;
    }

    private void checkForm(boolean folder) {
        if (to == null) {
            return;
        }
        switch (to.toLowerCase(Locale.ROOT)) {
            case "gguf" -> {
                if (!folder) {
                    throw UserError.usage(
                            model + " is a GGUF file already; jebena quantize changes its types");
                }
            }
            case "folder", "safetensors", "hf" -> {
                if (folder) {
                    throw UserError.usage(model + " is a folder already; name a GGUF file");
                }
            }
            default -> throw UserError.usage("--to: \"" + to + "\" is neither gguf nor folder");
        }
    }

    private @Nullable DataType numbers() {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "auto" -> null;
            case "f32" -> DataType.F32;
            case "f16" -> DataType.F16;
            case "bf16" -> DataType.BF16;
            default ->
                    throw UserError.usage(
                            "--type: folders hold f32, f16 or bf16, not \"" + type + "\"");
        };
    }

    private long shardBytes() {
        Matcher matcher = SIZE.matcher(shardSize);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw UserError.usage(
                    "--shard-size: \"" + shardSize + "\" is no size; write 500MB or 5GB");
        }
        long unit =
                switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
                    case "KB" -> 1_000;
                    case "MB" -> 1_000_000;
                    default -> 1_000_000_000;
                };
        return Long.parseLong(matcher.group(1)) * unit;
    }

    private void print(List<String> files, int tensors) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        long bytes = 0;
        for (String file : files) {
            bytes += Files.size(Files.isDirectory(out) ? out.resolve(file) : out);
        }
        report.put("out", out.toString());
        report.put("bytes", bytes);
        report.put("files", files);
        if (tensors >= 0) {
            report.put("tensors", tensors);
        }
        if (json) {
            System.out.println(Json.write(report));
        } else {
            System.out.printf(
                    Locale.ROOT, "%s: %s in %s%n", out, Tables.bytes(bytes), files(files));
        }
    }

    private static String files(List<String> files) {
        return files.size() == 1 ? "one file" : files.size() + " files";
    }
}
