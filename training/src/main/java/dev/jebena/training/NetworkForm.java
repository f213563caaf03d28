package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.nn.Activation;
import dev.jebena.nn.Gpt;
import dev.jebena.nn.Layer;
import dev.jebena.nn.NnException;
import dev.jebena.nn.Sequential;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.TensorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Makes the network that the table `model` of a recipe describes, once inputs and outputs are
/// known.
@FunctionalInterface
interface NetworkForm {
    Map<String, Function<Section, NetworkForm>> KINDS =
            new TreeMap<>(
                    Map.of(
                            "linear", s -> stack(List.of(LayerForm.FLATTEN, LayerForm.SCORES)),
                            "mlp", NetworkForm::mlp,
                            "conv", NetworkForm::conv,
                            "resnet", NetworkForm::resnet,
                            "gpt", NetworkForm::gpt,
                            "rnn", s -> recurrent("rnn", s),
                            "lstm", s -> recurrent("lstm", s),
                            "gru", s -> recurrent("gru", s),
                            "layers", NetworkForm::layers));

    Network of(Examples examples, Rng rng);

    static NetworkForm read(Section s, String usual) {
        return s.kind(usual, KINDS);
    }

    /// One layer after the other, each made for what the one before gives.
    static NetworkForm stack(List<LayerForm> forms) {
        return (examples, rng) -> {
            List<Layer> layers = new ArrayList<>();
            Tensor x = examples.example();
            for (LayerForm form : forms) {
                try {
                    Layer layer = form.of(x, examples, rng);
                    x = LayerForm.through(layer, x);
                    layers.add(layer);
                } catch (NnException | TensorException e) {
                    throw new Problem(
                            Problem.Code.BAD_REQUEST,
                            "[model] layer %d, whose input is %s: %s"
                                    .formatted(layers.size() + 1, x.shape(), e.getMessage()),
                            null,
                            e);
                }
            }
            int outputs = examples.task().outputs();
            Shape wanted = LayerForm.wanted(examples);
            if (!x.shape().equals(wanted)) {
                throw Problem.badRequest(
                        "[model] the network makes %s of %s; %s is needed for %d outputs: end it with {kind = \"linear\"}"
                                .formatted(x.shape(), examples.example().shape(), wanted, outputs));
            }
            return Network.of(Sequential.of(layers));
        };
    }

    private static NetworkForm layers(Section s) {
        List<LayerForm> forms = LayerForm.list(s, "layers");
        if (forms.isEmpty()) {
            s.problem("layers", "is missing; write layers = [{kind = \"linear\"}]");
        }
        return stack(forms);
    }

    private static NetworkForm mlp(Section s) {
        int[] hidden = s.integers("hidden", new int[] {64}, 1, 1_000_000);
        Layer activation = LayerForm.activation(s, Activation.GELU);
        String norm = s.choice("norm", List.of("none", "batch", "layer"));
        double dropout = s.number("dropout", 0, 0, 1);
        List<LayerForm> forms = new ArrayList<>(List.of(LayerForm.FLATTEN));
        for (int width : hidden) {
            forms.add(LayerForm.linear(width, true));
            LayerForm.norm(norm, forms);
            forms.add((x, examples, rng) -> activation);
            LayerForm.dropout(dropout, forms);
        }
        forms.add(LayerForm.SCORES);
        return stack(forms);
    }

    private static NetworkForm conv(Section s) {
        int[] channels = s.integers("channels", new int[] {16, 32}, 1, 100_000);
        int kernel = s.integer("kernel", 3, 1, 99);
        Layer activation = LayerForm.activation(s, Activation.RELU);
        String norm = s.choice("norm", "batch", List.of("none", "batch"));
        double dropout = s.number("dropout", 0, 0, 1);
        int pool = s.integer("pool", 2, 1, 1000);
        List<LayerForm> forms = new ArrayList<>();
        for (int i = 0; i < channels.length; i++) {
            forms.add(LayerForm.convolution(channels[i], kernel, i == 0 ? 1 : 2));
            LayerForm.norm(norm, forms);
            forms.add((x, examples, rng) -> activation);
        }
        return stack(end(forms, pool, dropout));
    }

    private static NetworkForm resnet(Section s) {
        int[] channels = s.integers("channels", new int[] {16, 32, 64}, 1, 100_000);
        int blocks = s.integer("blocks", 2, 1, 1000);
        double dropout = s.number("dropout", 0, 0, 1);
        int pool = s.integer("pool", 1, 1, 1000);
        List<LayerForm> forms = new ArrayList<>();
        LayerForm activation = (x, examples, rng) -> Activation.RELU;
        forms.add(LayerForm.convolution(channels.length == 0 ? 16 : channels[0], 3, 1));
        LayerForm.norm("batch", forms);
        forms.add(activation);
        for (int i = 0; i < channels.length; i++) {
            for (int block = 0; block < blocks; block++) {
                List<LayerForm> inner = new ArrayList<>();
                inner.add(LayerForm.convolution(channels[i], 3, i > 0 && block == 0 ? 2 : 1));
                LayerForm.norm("batch", inner);
                inner.add(activation);
                inner.add(LayerForm.convolution(channels[i], 3, 1));
                LayerForm.norm("batch", inner);
                forms.add(LayerForm.residual(inner));
                forms.add(activation);
            }
        }
        return stack(end(forms, pool, dropout));
    }

    private static List<LayerForm> end(List<LayerForm> forms, int pool, double dropout) {
        forms.add((x, examples, rng) -> dev.jebena.nn.Pool.adaptiveAvg(pool, pool));
        forms.add(LayerForm.FLATTEN);
        LayerForm.dropout(dropout, forms);
        forms.add(LayerForm.SCORES);
        return forms;
    }

    private static NetworkForm recurrent(String kind, Section s) {
        int width = s.integer("width", 64, 1, 100_000);
        List<LayerForm> forms = new ArrayList<>();
        forms.add(LayerForm.embedding(width));
        forms.add(LayerForm.recurrent(kind, s, false));
        forms.add(LayerForm.SCORES);
        return stack(forms);
    }

    private static NetworkForm gpt(Section s) {
        int width = s.integer("width", 128, 1, 100_000);
        int layers = s.integer("layers", 4, 1, 10_000);
        int heads = s.integer("heads", 4, 1, 10_000);
        double dropout = s.number("dropout", 0, 0, 1);
        boolean bias = s.flag("bias", false);
        if (width % heads != 0) {
            s.problem("width", "%d does not divide into %d heads".formatted(width, heads));
        }
        return (examples, rng) -> {
            LayerForm.tokens("gpt", examples);
            return Network.of(
                    Gpt.of(
                            Gpt.Options.of(
                                            examples.kinds(),
                                            examples.example().dim(1),
                                            width,
                                            layers,
                                            heads)
                                    .dropout(dropout)
                                    .bias(bias),
                            rng));
        };
    }
}
