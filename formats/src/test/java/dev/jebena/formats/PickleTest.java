package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pickles that Python wrote, and pickles that nobody should have written.
final class PickleTest {
    private static final String TENSOR =
            "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0"
                    + "0X\3\0\0\0cpuK\4tQ";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void valuesOfEveryProtocol(int protocol) throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("torch", folder);
        byte[] bytes = Files.readAllBytes(golden.file("values_" + protocol + ".pkl"));
        List<?> values = (List<?>) read(bytes);
        List<Object> numbers = Arrays.asList(null, true, false, 0L, 1L, -1L, 255L, 256L);
        assertThat(values.subList(0, 8)).isEqualTo(numbers);
        assertThat(values.subList(8, 15))
                .isEqualTo(
                        List.of(
                                65535L,
                                65536L,
                                2147483647L,
                                -2147483648L,
                                2147483648L,
                                Long.MAX_VALUE,
                                Long.MIN_VALUE));
        assertThat(values.subList(15, 17))
                .extracting(String::valueOf)
                .containsExactly(
                        "1267650600228229401496703205376", "-1267650600228229401496703205376");
        assertThat(values.subList(17, 20))
                .isEqualTo(List.of(0.5, -1e300, Double.POSITIVE_INFINITY));
        assertThat(values.subList(20, 23)).isEqualTo(List.of("", "a'b\"c\\n\n\t", "é€😀"));
        assertThat((byte[]) values.get(24)).isEqualTo(new byte[] {'a', -1});
        assertThat(values.subList(25, 30))
                .isEqualTo(
                        List.of(
                                List.of(),
                                List.of(1L),
                                List.of(1L, 2L),
                                List.of(1L, 2L, 3L),
                                List.of(1L, 2L, 3L, 4L)));
        Map<?, ?> map = (Map<?, ?>) values.get(32);
        assertThat(map.toString()).isEqualTo("{a=1, 2=b, true=null}");
        assertThat(values.get(33)).isSameAs(values.get(34)).isEqualTo(List.of(1L, 2L));
        assertThat(((List<?>) values.get(36)).size()).isEqualTo(1100);
        assertThat(values.subList(37, 39)).isEqualTo(List.of(Map.of("a", 1L), List.of("s")));
    }

    @Test
    void namesThatAreNotAllowedAreNamedWithTheirPlace() {
        assertRefused("cos\nsystem\n(S'echo never'\ntR.", "byte 0", "\"os.system\"");
        assertRefused("}(ios\nsystem\n.", "byte 2", "\"os.system\"");
        assertRefused("\u0080\4\u008c\2os\u008c\6system\u0093.", "byte 14", "\"os.system\"");
        assertRefused("cbuiltins\neval\n.", "byte 0", "\"builtins.eval\"");
        assertRefused("cbuiltins\nint\n)R.", "byte 15", "a call of int");
        assertRefused("ctorch.hub\nload\n.", "byte 0", "\"torch.hub.load\"");
        assertRefused("ctorch\n__import__\n.", "byte 0", "\"torch.__import__\"");
        assertRefused("\u0082\1.", "byte 0", "names by number");
        assertRefused("X\1\0\0\0a)R.", "byte 7", "a call of something that is no function");
    }

    @Test
    void damage() {
        assertRefused("", "byte 0", "it needs 1 more bytes");
        assertRefused("N", "byte 1", "it needs 1 more bytes");
        assertRefused(".", "byte 0", "nothing on the stack");
        assertRefused("t.", "byte 0", "no mark");
        assertRefused("(0.", "byte 1", "nothing on the stack");
        assertRefused("N(s.", "byte 2", "nothing on the stack");
        assertRefused("h\1.", "byte 0", "there is no memo 1");
        assertRefused("X\u00ff\u00ff\u00ff\u00ff.", "byte 0", "it needs 4294967295 more bytes");
        assertRefused("\u008e" + "\u00ff".repeat(8), "byte 0", "18446744073709551615 more bytes");
        assertRefused("\u008b\u00ff\u00ff\u00ff\u007f", "byte 0", "2147483647 bytes, at most 1024");
        assertRefused("\u008b\u00ff\u00ff\u00ff\u00ff", "byte 0", "of -1 bytes");
        assertRefused("L" + "9".repeat(2_000) + "L\n.", "byte 0", "expected a whole number");
        assertRefused("\u0080\7N.", "byte 0", "protocol 7, 0 to 5 can be read");
        assertRefused("\7", "byte 0", "there is no opcode 0x07");
        assertRefused("}(NNu.", "byte 4", "the key of a dict must be a string or a number");
        assertRefused("}(K\1u.", "byte 4", "a key without a value");
        assertRefused(")Na.", "byte 2", "no list");
        assertRefused("X\1\0\0\0\u00ff.", "byte 0", "not UTF-8");
    }

    @Test
    void listsInListsWithoutEnd() throws IOException {
        assertRefused(file("]q\0h\0a."), "its values nest deeper than 64");
        assertRefused(file("]".repeat(5_000) + "a".repeat(4_999) + "."), "nest deeper than 64");
        // Each list has the one before it twice: 2^40 values of 40 lists.
        assertRefused(file("]" + "2q\0]h\0ah\0a".repeat(40) + "."), "more than 2000000 values");
        assertRefused(file("N".repeat(8_000_000)), "more than 8000000 opcodes");
    }

    @Test
    void tensorsBeyondTheirStorage() throws IOException {
        String hooks = "\u0089ccollections\nOrderedDict\n)Rt";
        assertRefused(
                file("}X\1\0\0\0w" + TENSOR + "K\1K\4\u0085K\1\u0085" + hooks + "Rs."),
                "\"w\": F32[4] at offset 1 with strides [1] ends at element 5, but its storage \"0\" has 4");
        assertRefused(
                file(TENSOR + "K\0K\2K\2\u0086J\u00ff\u00ff\u00ff\u007fK\1\u0086" + hooks + "R."),
                "ends at element 2147483649");
        assertRefused(
                file(
                        TENSOR
                                + "K\0\u008a\u0008"
                                + "\0".repeat(7)
                                + "@\u0085K\0\u0085"
                                + hooks
                                + "R."),
                "it has more than 2^63 bits");
        assertRefused(
                file(TENSOR + "K\0\u008a\5\0\0\0\0\1\u0085K\0\u0085" + hooks + "R."),
                "takes 17179869184 bytes, and all views that must be copied may take");
        assertRefused(
                file(TENSOR + "K\0J\u00ff\u00ff\u00ff\u00ff\u0085K\1\u0085" + hooks + "R."),
                "the shape must be whole numbers from 0 on, found -1");
        assertRefused(
                file(TENSOR.replace("\0" + "0X", "\0" + "7X") + "K\0))" + hooks + "R."),
                "refers to a storage \"m/data/7\", which is not in the file");
        assertRefused(file(TENSOR + "K\0K\4\u0085)" + hooks + "R."), "as many strides");
    }

    private void assertRefused(String pickle, String place, String message) {
        byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(bytes))
                .as(HexFormat.of().formatHex(bytes, 0, Math.min(40, bytes.length)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(place + " of the pickle: ")
                .hasMessageContaining(message);
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> Torch.open(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    private static Object read(byte[] bytes) {
        PickleInput in =
                new PickleInput(
                        MemorySegment.ofArray(bytes), 0, "the pickle", FormatException::new);
        return Objects.requireNonNull(new Pickle(in, new TorchGlobals()).read());
    }

    /// A file of this pickle and one storage of four floats.
    private Path file(String pickle) {
        Path path = folder.resolve("m.pt");
        MemorySegment bytes = MemorySegment.ofArray(pickle.getBytes(StandardCharsets.ISO_8859_1));
        ReplacedFile.write(
                path,
                channel -> {
                    ZipWriter zip = new ZipWriter(channel);
                    zip.add(
                            "m/data.pkl",
                            bytes.byteSize(),
                            false,
                            out -> Segments.write(out, bytes));
                    MemorySegment floats = MemorySegment.ofArray(new float[] {1, 2, 3, 4});
                    zip.add("m/data/0", 16, false, out -> Segments.write(out, floats));
                    zip.finish();
                });
        return path;
    }
}
