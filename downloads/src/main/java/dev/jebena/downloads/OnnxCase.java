package dev.jebena.downloads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A test case of the Python package `onnx`: a model, and what it makes of some inputs.
///
/// @param name of the case: `test_abs`
public record OnnxCase(String name, Path model, List<DataSet> dataSets) {
    /// Files of one value each (`.pb`), in the order of the model's inputs and outputs.
    public record DataSet(List<Path> inputs, List<Path> outputs) {}

    /// The cases of one kind, sorted by name: `node` has one or more for each operator, `simple`
    /// some graphs of several, `pytorch-operator` and `pytorch-converted` old exports of layers.
    /// The calling test is skipped when they cannot be fetched.
    public static List<OnnxCase> all(String kind) {
        return folders(Downloads.onnxTests().resolve(kind)).stream()
                .filter(folder -> Files.exists(folder.resolve("model.onnx")))
                .map(OnnxCase::of)
                .toList();
    }

    /// A network for images without its weights, of which each is one number, and what it makes of
    /// an input that rises from 0 to 1.
    public record Light(String name, Path model, Path output) {}

    /// The networks of `light`. The calling test is skipped when they cannot be fetched.
    public static List<Light> light() {
        Path folder = Downloads.onnxTests().resolve("light");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".onnx"))
                    .map(name -> name.substring(0, name.length() - ".onnx".length()))
                    .sorted()
                    .map(name ->
                            new Light(
                                    name,
                                    folder.resolve(name + ".onnx"),
                                    folder.resolve(name + "_output_0.pb")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OnnxCase of(Path folder) {
        List<DataSet> dataSets = new ArrayList<>();
        for (Path inner : folders(folder)) {
            dataSets.add(new DataSet(values(inner, "input_"), values(inner, "output_")));
        }
        return new OnnxCase(
                folder.getFileName().toString(), folder.resolve("model.onnx"), dataSets);
    }

    /// `input_0.pb`, `input_1.pb` and so on.
    private static List<Path> values(Path folder, String prefix) {
        List<Path> files = new ArrayList<>();
        Path next = folder.resolve(prefix + "0.pb");
        while (Files.exists(next)) {
            files.add(next);
            next = folder.resolve(prefix + files.size() + ".pb");
        }
        return files;
    }

    private static List<Path> folders(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
