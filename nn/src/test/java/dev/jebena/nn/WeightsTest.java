package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.formats.ElementType;
import dev.jebena.formats.PlainTensor;
import dev.jebena.formats.Torch;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir Path folder;

    private static Sequential model(int width, long seed) {
        Rng rng = Rng.seed(seed);
        return Sequential.of(
                Linear.of(3, width, rng),
                BatchNorm.of(width),
                Activation.RELU,
                Linear.of(width, 2, rng));
    }

    @Test
    void namesAreThoseOfPyTorch() {
        assertThat(model(4, 1).stateDict().keySet())
                .containsExactly(
                        "0.weight",
                        "0.bias",
                        "1.weight",
                        "1.bias",
                        "1.running_mean",
                        "1.running_var",
                        "1.num_batches_tracked",
                        "3.weight",
                        "3.bias");
    }

    @Test
    void aModelIsTheSameAfterSavingAndLoading() {
        Sequential model = model(4, 1);
        model.apply(Rng.seed(3).normal(5, 3));
        Path file = folder.resolve("model.safetensors");
        Weights.of(model).text("made by", "a test").save(file);
        Sequential other = model(4, 2);
        Weights loaded = Weights.load(file);
        loaded.into(other);
        assertThat(loaded.texts()).containsEntry("made by", "a test");
        model.stateDict()
                .forEach((name, tensor) -> {
                    Tensor found = Objects.requireNonNull(other.stateDict().get(name));
                    assertThat(found.dtype()).as(name).isEqualTo(tensor.dtype());
                    assertThat(found.toDoubles()).as(name).isEqualTo(tensor.toDoubles());
                });
        assertThat(other.buffer("1.num_batches_tracked").value().itemLong()).isEqualTo(1);
    }

    @Test
    void allThatDoesNotFitIsReportedAtOnceAndNothingChanges() {
        Sequential model = model(4, 1);
        Map<String, Tensor> state = model(5, 2).stateDict();
        state.remove("1.running_var");
        state.put("4.weight", Tensor.zeros(1));
        double[] before = model.parameter("0.weight").value().toDoubles();
        assertThatThrownBy(() -> model.loadStateDict(state))
                .isInstanceOf(NnException.class)
                .hasMessageContaining("0.weight has shape [5, 3], the model needs [4, 3]")
                .hasMessageContaining("missing: 1.running_var")
                .hasMessageContaining("unexpected: 4.weight");
        assertThat(model.parameter("0.weight").value().toDoubles()).isEqualTo(before);
    }

    @Test
    void unlessStrictNamesMayDiffer() {
        Sequential model = model(4, 1);
        model.loadStateDict(
                Map.of("3.bias", Tensor.of(new float[] {7, 8}), "more", Tensor.zeros(1)), false);
        assertThat(model.parameter("3.bias").value().toFloats()).containsExactly(7, 8);
    }

    @Test
    void filesOfPyTorchAreRead() {
        Sequential model = model(4, 1);
        List<PlainTensor> plain = new ArrayList<>();
        model.stateDict()
                .forEach((name, tensor) ->
                        plain.add(
                                new PlainTensor(
                                        name,
                                        tensor.dtype() == DType.INT64
                                                ? ElementType.I64
                                                : ElementType.F32,
                                        Arrays.stream(tensor.shape().toArray())
                                                .mapToObj(Long::valueOf)
                                                .toList(),
                                        tensor.memory())));
        Path file = folder.resolve("model.pt");
        Torch.write(file, plain);
        Sequential other = model(4, 2);
        Weights.load(file).into(other);
        assertThat(other.parameter("3.weight").value().toFloats())
                .isEqualTo(model.parameter("3.weight").value().toFloats());
    }

    @Test
    void tiedWeightsAreOneParameterWithTwoNames() {
        Rng rng = Rng.seed(1);
        Embedding table = Embedding.of(5, 3, rng);
        Linear head = Linear.of(3, 5, false, rng).withWeightOf(table.weight());
        Sequential model = Sequential.of(table, head);
        assertThat(model.parameters()).hasSize(1);
        assertThat(model.stateDict()).containsOnlyKeys("0.weight", "1.weight");
        Tensor loss = model.apply(Tensor.of(new long[] {1, 2}, 2)).square().sum();
        Sgd.of(model.parameters(), 0.1).step(loss.backward());
        assertThat(head.weight()).isSameAs(table.weight());
    }
}
