package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class GgufTest {
    @TempDir private Path folder;

    @Test
    void aModelOfLlamaCppIsRead() throws IOException {
        try (Gguf file = Gguf.open(GoldenModels.unzip("llama-Q4_0", folder))) {
            assertThat(file.metadata())
                    .containsEntry("general.architecture", "llama")
                    .containsEntry("llama.attention.head_count", 4L);
            assertThat((List<?>) file.metadata().get("tokenizer.ggml.tokens")).hasSize(320);
            assertThat(file.metadata().get("tokenizer.ggml.token_type")).isInstanceOf(int[].class);
            assertThat(file.metadata().get("tokenizer.ggml.scores")).isInstanceOf(float[].class);
            StoredTensor tensor = file.tensor("blk.0.attn_q.weight");
            assertThat(tensor.type()).isEqualTo(DataType.Q4_0);
            assertThat(tensor.shape()).isEqualTo(List.of(128L, 128L));
            assertThat(tensor.matrix().rows()).isEqualTo(128);
        }
    }

    @Test
    void aMissingTensorIsAnsweredWithSimilarNames() throws IOException {
        try (Gguf file = Gguf.open(GoldenModels.unzip("llama-Q4_0", folder))) {
            assertThatThrownBy(() -> file.tensor("blk.0.attn_q.weigth"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("\"blk.0.attn_q.weight\"");
        }
    }

    @Test
    void closingTwiceIsHarmlessAndTensorsAreGoneAfterwards() {
        Gguf file = Gguf.open(small());
        StoredTensor tensor = file.tensor("token_embd.weight");
        file.close();
        file.close();
        assertThat(tensor.data().scope().isAlive()).isFalse();
    }

    @Test
    void tokensThatAreNotUtf8AreReadWithReplacement() throws IOException {
        Path path = small();
        byte[] bytes = Files.readAllBytes(path);
        bytes[find(bytes, "<s>") + 1] = (byte) 0xff;
        Files.write(path, bytes);
        try (Gguf file = Gguf.open(path)) {
            assertThat((List<?>) file.metadata().get("tokens")).first().isEqualTo("<\ufffd>");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 4 | 0x4655_4748 | begins with \"GGUF\"",
                "4 | 4 | 1 | version 1, versions 2 and 3 are read",
                "4 | 4 | 0x0300_0000 | big-endian",
                "8 | 8 | 0x7fff_ffff_ffff | the number of tensors is 140737488355327",
                "8 | 8 | 100000 | room for",
                "16 | 8 | -1 | the number of metadata keys is 18446744073709551615",
                "24 | 8 | 100000 | a key is 100000, allowed is at most 65535",
                "52 | 4 | 99 | \"general.architecture\": the type is 99, known are 0 to 12",
                "56 | 8 | 0xffff_ffff | \"general.architecture\": the length is 4294967295",
            })
    void damageToTheHeaderIsNamed(int at, int width, String value, String message)
            throws IOException {
        Path path = small();
        long number = Long.decode(value.replace("_", ""));
        byte[] damaged = Mutations.overwrite(Files.readAllBytes(path), at, width, number);
        Files.write(path, damaged);
        assertRefused(path, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 4 | 5 | the number of dimensions is 5, allowed is at most 4",
                "4 | 8 | 33 | a row has 33 elements, not a whole number of Q4_0 blocks of 32",
                "12 | 8 | 0x7fff_ffff_ffff_ffff | it has more than 2^63 elements",
                "20 | 4 | 4 | its type 4 is not supported",
                "24 | 8 | 7 | the offset is 7, not a multiple of the alignment 64",
                "24 | 8 | 64 | inside the tensor \"token_embd.weight\"",
                "24 | 8 | 0x4000_0000 | the file is truncated: the tensor \"blk.0.ffn_up.weight\"",
                "24 | 8 | 0x7fff_ffff_ffff_ffc0 | the file is truncated",
            })
    void damageToATensorIsNamed(int at, int width, String value, String message)
            throws IOException {
        Path path = small();
        byte[] bytes = Files.readAllBytes(path);
        int description = find(bytes, "blk.0.ffn_up.weight") + "blk.0.ffn_up.weight".length();
        long number = Long.decode(value.replace("_", ""));
        Files.write(path, Mutations.overwrite(bytes, description + at, width, number));
        assertRefused(path, message);
    }

    @Test
    void repeatedNamesAreRefused() throws IOException {
        Path path = folder.resolve("twice.gguf");
        new GgufWriter().uint32("key.one", 1).uint32("key.two", 2).write(path);
        assertRefused(renamed(path, "key.two", "key.one"), "the key occurs twice");
        new GgufWriter()
                .tensor(SmallFiles.tensor("t.one", DataType.F32, 2L))
                .tensor(SmallFiles.tensor("t.two", DataType.F32, 2L))
                .write(path);
        assertRefused(renamed(path, "t.two", "t.one"), "the tensor \"t.one\" occurs twice");
    }

    @Test
    void whatIsNoGgufFileIsNamed() throws IOException {
        Path path = folder.resolve("model.gguf");
        assertRefused(path, "there is no such file");
        assertRefused(folder, "neither model.safetensors nor");
        assertThatThrownBy(() -> Gguf.open(folder)).hasMessageContaining("this is a folder");
        assertRefused(Files.writeString(path, ""), "the file is empty");
        assertRefused(
                Files.writeString(path, "version https://git-lfs.github.com/spec/v1"),
                "git lfs pull");
        assertRefused(Files.writeString(path, "<!DOCTYPE html>"), "web page");
        assertRefused(Files.writeString(path, "tjgg..."), "before GGUF");
        assertRefused(Files.writeString(path, "GG"), "begins with \"GGUF\"");
    }

    @Test
    void arraysMayNestOnlySoDeep() {
        Path path = folder.resolve("nested.gguf");
        Object array = new int[] {1};
        for (int i = 0; i < 3; i++) {
            array = List.of(array);
        }
        new GgufWriter().array("deep", GgufType.ARRAY, array).write(path);
        try (Gguf file = Gguf.open(path)) {
            assertThat(file.metadata()).containsKey("deep");
        }
        new GgufWriter().array("deep", GgufType.ARRAY, List.of(array)).write(path);
        assertRefused(path, "nested deeper than 4 levels");
    }

    @Test
    void aTensorTooLargeForAMatrixIsNamed() {
        Path path = folder.resolve("wide.gguf");
        new GgufWriter().tensor(SmallFiles.tensor("wide", DataType.F32, 0L, 1L << 32)).write(path);
        try (Gguf file = Gguf.open(path)) {
            StoredTensor tensor = file.tensor("wide");
            assertThat(tensor.elements()).isZero();
            assertThatThrownBy(tensor::matrix)
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("\"wide\" of shape [0, 4294967296] is too large");
        }
    }

    /// A sparse file: what it says fits into it, but not into memory.
    @ParameterizedTest
    @EnumSource(GgufType.class)
    void arraysLargerThanAnyModelNeedsAreRefused(GgufType type) throws IOException {
        Path path = folder.resolve("large.gguf");
        new GgufWriter().array("key", type, List.of()).write(path);
        byte[] bytes = Files.readAllBytes(path);
        int count = find(bytes, "key") + "key".length() + 8;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(Mutations.overwrite(bytes, count, 8, 200_000_000)));
            channel.write(ByteBuffer.wrap(new byte[1]), 4L << 30);
        }
        assertRefused(path, "needs more than 256 MiB of memory");
    }

    private Path small() {
        Path path = folder.resolve("small.gguf");
        SmallFiles.gguf().write(path);
        return path;
    }

    private static void assertRefused(Path path, String message) {
        assertThatThrownBy(() -> TensorFile.open(path).close())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message);
    }

    private static Path renamed(Path path, String from, String to) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        byte[] name = to.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(name, 0, bytes, find(bytes, from), name.length);
        return Files.write(path, bytes);
    }

    private static int find(byte[] bytes, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("no " + text);
    }
}
