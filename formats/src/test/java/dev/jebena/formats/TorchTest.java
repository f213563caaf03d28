package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TorchTest {
    @TempDir private Path folder;

    @Test
    void everythingThatPyTorchWrote() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("torch", folder);
        golden.expected()
                .forEach((name, expected) -> {
                    try (PlainTensors file = Torch.open(golden.file(name))) {
                        assertThat(GoldenFiles.found(file)).as(name).isEqualTo(expected);
                    }
                });
        assertThat(golden.expected()).hasSizeGreaterThan(18);
    }

    @Test
    void whatStandsBesideTheTensorsIsKept() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("torch", folder);
        for (String name : List.of("checkpoint.pt", "checkpoint_4.pt", "checkpoint_5_legacy.pt")) {
            try (PlainTensors file = Torch.open(golden.file(name))) {
                assertThat(file.metadata())
                        .as(name)
                        .containsEntry("epoch", 3L)
                        .containsEntry("loss", 0.25)
                        .containsEntry("name", "κόσμε")
                        .containsEntry("flags", Arrays.asList(true, false, List.of(1L, 2.5, "x")))
                        .containsEntry("big", BigInteger.TWO.pow(70))
                        .containsEntry("negative", -5L)
                        .containsEntry("size", List.of(1L, 2L))
                        .containsEntry("dtype", "torch.bfloat16")
                        .containsEntry("device", "cpu")
                        .containsEntry("default.a", List.of(1L))
                        .containsEntry("set", List.of(7L))
                        .containsEntry("bytes", "2 bytes")
                        .containsEntry("nested.deep.1", 5L)
                        .containsEntry("model._metadata", file.metadata().get("model._metadata"))
                        .doesNotContainKey("none");
                assertThat((Map<?, ?>) file.metadata().get("model._metadata"))
                        .extracting("1")
                        .isEqualTo(Map.of("version", 2L));
            }
        }
    }

    @Test
    void viewsShareTheMapping() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("torch", folder);
        try (PlainTensors file = Torch.open(golden.file("views.pt"))) {
            MemorySegment whole = file.plain("whole").data();
            assertThat(file.plain("row").data().address() - whole.address()).isEqualTo(40);
            assertThat(file.plain("matrix").data().address()).isEqualTo(whole.address());
            assertThat(whole.address() % 64).isZero();
        }
    }

    @Test
    void whatCouldRunCodeOrCannotBeReadIsRefused() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("torch", folder);
        Map<String, String> reasons =
                Map.of(
                        "evil", "\"posix.system\", which is not among what may be loaded",
                        "object", "\"__main__.Other\", which is not among",
                        "numpy", "reconstruct\", which is not among",
                        "quantized", "_rebuild_qtensor) cannot be read",
                        "sparse", "a sparse tensor",
                        "conjugated", "a conjugated or negated view",
                        "module", "\"torch.nn.modules.container.Sequential\"");
        reasons.forEach((name, reason) -> {
            for (String ending : List.of(".pt", "_legacy.pt")) {
                Path file = golden.file("refused_" + name + ending);
                assertThatThrownBy(() -> Torch.open(file))
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining("refused_" + name)
                        .hasMessageMatching("(?s).*: byte \\d+ of .*")
                        .hasMessageContaining(reason);
            }
        });
        assertThatThrownBy(() -> Torch.open(golden.file("refused_pickle.pt")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("this is no file of torch.save");
    }

    @Test
    void writtenFilesAreReadBack() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("torch", folder);
        Path copy = folder.resolve("copy.pt");
        for (String name : List.of("types.pt", "views.pt", "state_dict.pt")) {
            try (PlainTensors file = Torch.open(golden.file(name))) {
                Torch.write(copy, file.plain().values());
                try (PlainTensors again = Torch.open(copy)) {
                    assertThat(GoldenFiles.found(again)).isEqualTo(GoldenFiles.found(file));
                }
            }
        }
    }

    @Test
    void elementsThatPyTorchLacks() {
        PlainTensor tensor =
                new PlainTensor(
                        "w", ElementType.I4, List.of(4L), MemorySegment.ofArray(new byte[2]));
        assertThatThrownBy(() -> Torch.write(folder.resolve("w.pt"), List.of(tensor)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("PyTorch has no tensors of I4");
    }
}
