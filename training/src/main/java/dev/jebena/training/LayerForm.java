package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.nn.Activation;
import dev.jebena.nn.BatchNorm;
import dev.jebena.nn.Block;
import dev.jebena.nn.Conv;
import dev.jebena.nn.Dropout;
import dev.jebena.nn.Embedding;
import dev.jebena.nn.Flatten;
import dev.jebena.nn.GroupNorm;
import dev.jebena.nn.Layer;
import dev.jebena.nn.LayerNorm;
import dev.jebena.nn.Linear;
import dev.jebena.nn.Pool;
import dev.jebena.nn.Recurrent;
import dev.jebena.nn.RecurrentOptions;
import dev.jebena.nn.Residual;
import dev.jebena.nn.RmsNorm;
import dev.jebena.nn.Sequential;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.PoolOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes a layer for an input whose shape is known: a table of `layers`, or a part of a network
/// that has a name.
@FunctionalInterface
interface LayerForm {
    LayerForm FLATTEN = (x, examples, rng) -> Flatten.of();

    /// The last layer: as many outputs as there are to be learned.
    LayerForm SCORES = (x, examples, rng) -> Linear.of(x.dim(-1), examples.task().outputs(), rng);

    Map<String, Function<Section, LayerForm>> KINDS = kinds();

    /// @param x an input `[1, ...]`
    Layer of(Tensor x, Examples examples, Rng rng);

    private static Map<String, Function<Section, LayerForm>> kinds() {
        Map<String, Function<Section, LayerForm>> kinds = new TreeMap<>();
        for (Activation activation : Activation.values()) {
            kinds.put(name(activation), s -> (x, examples, rng) -> activation);
        }
        kinds.put("flatten", s -> FLATTEN);
        kinds.put("linear", LayerForm::linear);
        kinds.put("conv", LayerForm::conv);
        kinds.put("embedding", s -> embedding(s.integer("width", 64, 1, 1_000_000)));
        kinds.put("batch-norm", s -> (x, examples, rng) -> BatchNorm.of(x.dim(1)));
        kinds.put("layer-norm", s -> (x, examples, rng) -> LayerNorm.of(x.dim(-1)));
        kinds.put("rms-norm", s -> (x, examples, rng) -> RmsNorm.of(x.dim(-1)));
        kinds.put("group-norm", LayerForm::groupNorm);
        kinds.put("dropout", s -> dropout(s, false));
        kinds.put("dropout-channels", s -> dropout(s, true));
        kinds.put("max-pool", s -> pool(s, true));
        kinds.put("avg-pool", s -> pool(s, false));
        kinds.put("adaptive-max-pool", s -> adaptive(s, true));
        kinds.put("adaptive-avg-pool", s -> adaptive(s, false));
        for (String kind : List.of("rnn", "lstm", "gru")) {
            kinds.put(kind, s -> recurrent(kind, s, true));
        }
        kinds.put("residual", s -> residual(list(s, "layers")));
        return kinds;
    }

    private static String name(Activation activation) {
        return activation.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The layers of a list of tables.
    static List<LayerForm> list(Section s, String key) {
        List<LayerForm> forms = new ArrayList<>();
        for (Section one : s.sections(key)) {
            one.needed("kind", "linear");
            forms.add(one.kind("linear", KINDS));
        }
        return forms;
    }

    /// What a layer makes of an input, without a change to its state.
    static Tensor through(Layer layer, Tensor x) {
        if (layer instanceof Block block) {
            block.training(false);
            Tensor y = layer.apply(x).detach();
            block.training(true);
            return y;
        }
        return layer.apply(x);
    }

    /// The shape that a network has to end with.
    static Shape wanted(Examples examples) {
        int outputs = examples.task().outputs();
        return examples.kinds() > 0
                ? Shape.of(1, examples.example().dim(1), outputs)
                : Shape.of(1, outputs);
    }

    static Layer activation(Section s, Activation instead) {
        List<Activation> all = List.of(Activation.values());
        String found =
                s.choice("activation", name(instead), all.stream().map(LayerForm::name).toList());
        return all.stream().filter(a -> name(a).equals(found)).findFirst().orElse(instead);
    }

    /// Throws a problem where inputs are no tokens.
    static void tokens(String kind, Examples examples) {
        if (examples.kinds() == 0) {
            throw Problem.badRequest(
                    "[model] kind: %s reads text; for tables and images take mlp, conv or resnet"
                            .formatted(kind));
        }
    }

    /// @param out number of outputs; null for as many as there are to be learned
    static LayerForm linear(@Nullable Integer out, boolean bias) {
        return (x, examples, rng) ->
                Linear.of(x.dim(-1), out == null ? examples.task().outputs() : out, bias, rng);
    }

    private static LayerForm linear(Section s) {
        Integer out = s.has("out") ? s.integer("out", 1, 1, 10_000_000) : null;
        return linear(out, s.flag("bias", true));
    }

    static LayerForm convolution(int out, int kernel, int stride) {
        ConvOptions options = ConvOptions.defaults().padding(kernel / 2).stride(stride);
        return (x, examples, rng) ->
                Conv.of(x.dim(1), out, cube(new int[] {kernel}, x), options, rng);
    }

    private static LayerForm conv(Section s) {
        int[] kernel = s.integers("kernel", new int[] {3}, 1, 1000);
        int out = s.integer("out", 16, 1, 1_000_000);
        ConvOptions options =
                ConvOptions.defaults()
                        .stride(s.integers("stride", new int[] {1}, 1, 1000))
                        .padding(s.integers("padding", new int[] {0}, 0, 1000))
                        .dilation(s.integers("dilation", new int[] {1}, 1, 1000))
                        .groups(s.integer("groups", 1, 1, 1_000_000));
        return (x, examples, rng) -> Conv.of(x.dim(1), out, cube(kernel, x), options, rng);
    }

    /// One length for all axes behind the channels, or one for each.
    private static Shape cube(int[] lengths, Tensor x) {
        int axes = Math.max(1, x.rank() - 2);
        int[] all = new int[axes];
        for (int i = 0; i < axes; i++) {
            all[i] = lengths[Math.min(i, lengths.length - 1)];
        }
        return Shape.of(all);
    }

    static LayerForm embedding(int width) {
        return (x, examples, rng) -> {
            tokens("embedding", examples);
            return Embedding.of(examples.kinds(), width, rng);
        };
    }

    static void norm(String kind, List<LayerForm> forms) {
        if (kind.equals("batch")) {
            forms.add((x, examples, rng) -> BatchNorm.of(x.dim(1)));
        } else if (kind.equals("layer")) {
            forms.add((x, examples, rng) -> LayerNorm.of(x.dim(-1)));
        }
    }

    private static LayerForm groupNorm(Section s) {
        int groups = s.integer("groups", 8, 1, 1_000_000);
        return (x, examples, rng) -> GroupNorm.of(groups, x.dim(1));
    }

    static void dropout(double p, List<LayerForm> forms) {
        if (p > 0) {
            forms.add((x, examples, rng) -> Dropout.of(p, rng.split()));
        }
    }

    private static LayerForm dropout(Section s, boolean channels) {
        double p = s.number("p", 0.5, 0, 1);
        return (x, examples, rng) ->
                channels ? Dropout.ofChannels(p, rng.split()) : Dropout.of(p, rng.split());
    }

    private static LayerForm pool(Section s, boolean largest) {
        int[] size = s.integers("size", new int[] {2}, 1, 1000);
        int[] stride = s.integers("stride", size, 1, 1000);
        int[] padding = s.integers("padding", new int[] {0}, 0, 1000);
        return (x, examples, rng) -> {
            PoolOptions options =
                    PoolOptions.of(cube(size, x).toArray())
                            .stride(cube(stride, x).toArray())
                            .padding(cube(padding, x).toArray());
            return largest ? Pool.max(options) : Pool.avg(options);
        };
    }

    private static LayerForm adaptive(Section s, boolean largest) {
        int[] size = s.integers("size", new int[] {1}, 1, 100_000);
        return (x, examples, rng) -> {
            int[] lengths = cube(size, x).toArray();
            return largest ? Pool.adaptiveMax(lengths) : Pool.adaptiveAvg(lengths);
        };
    }

    static LayerForm recurrent(String kind, Section s, boolean free) {
        int hidden = s.integer("hidden", 128, 1, 1_000_000);
        int layers = s.integer("layers", 1, 1, 1000);
        double dropout = s.number("dropout", 0, 0, 1);
        // A network that foretells must not see what comes.
        boolean both = free && s.flag("bidirectional", false);
        return (x, examples, rng) -> {
            RecurrentOptions options =
                    RecurrentOptions.of(x.dim(-1), hidden)
                            .layers(layers)
                            .dropout(dropout)
                            .bidirectional(both);
            return switch (kind) {
                case "lstm" -> Recurrent.lstm(options, rng);
                case "gru" -> Recurrent.gru(options, rng);
                default -> Recurrent.rnn(options, rng);
            };
        };
    }

    /// With a layer on the short way where the shape changes.
    static LayerForm residual(List<LayerForm> inner) {
        return (x, examples, rng) -> {
            List<Layer> layers = new ArrayList<>();
            Tensor y = x;
            for (LayerForm form : inner) {
                Layer layer = form.of(y, examples, rng);
                y = through(layer, y);
                layers.add(layer);
            }
            Sequential way = Sequential.of(layers);
            if (y.shape().equals(x.shape())) {
                return Residual.of(way);
            }
            if (x.rank() < 3) {
                return Residual.withShortcut(way, Linear.of(x.dim(-1), y.dim(-1), false, rng));
            }
            int[] stride = new int[x.rank() - 2];
            for (int i = 0; i < stride.length; i++) {
                stride[i] = Math.max(1, Math.ceilDiv(x.dim(i + 2), Math.max(1, y.dim(i + 2))));
            }
            ConvOptions options = ConvOptions.defaults().stride(stride);
            Shape one = cube(new int[] {1}, x);
            return Residual.withShortcut(
                    way,
                    Sequential.of(
                            Conv.of(x.dim(1), y.dim(1), one, options, rng),
                            BatchNorm.of(y.dim(1))));
        };
    }
}
